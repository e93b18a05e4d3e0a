import type { WorkerContext } from "#infra/worker/context.ts";
import { expire } from "#infra/worker/expire.ts";
import { reap } from "#infra/worker/reap.ts";
import { runOperation, type Running } from "#infra/worker/run-operation.ts";
import { subscribe } from "#lib/changes/subscribe.ts";
import { isDatabaseAway } from "#lib/database-away.ts";
import { begin } from "#lib/operations/begin.ts";
import { explainWait } from "#lib/operations/explain-wait.ts";
import { leaseMs } from "#lib/operations/lease.ts";

export type Engine = {
  path: string;
  version: string;
  /** where the engine finds plugins, beside ours and those of PATH */
  pluginFolders: string[];
};
/** A kind of target that this worker reaches. */
export type Reached = {
  name: string;
  /** what its operations wait for, for a person; null: they can begin */
  waitsFor(): string | null;
};
export type Worker = {
  stop(): Promise<void>;
  /** Interrupts what `stop` still waits for. */
  hurry(): void;
};

const pollMs = 1_000;
const reapMs = 2_000;

/**
 * Takes operations and works on them until it is stopped.
 *
 * @param options.engine null until it is there; then every target waits for it
 * @param options.drainMs how long running operations may go on after `stop`, before they are interrupted
 */
export function startWorker(
  ctx: WorkerContext,
  options: {
    databaseUrl: string;
    targets: Reached[];
    engine(): Engine | null;
    drainMs: number;
    stopMs: number;
    /** operations at a time */
    parallel: number;
  },
): Worker {
  const { log } = ctx;
  const running = new Map<string, Running>();
  let stopping = false;
  let claiming: Promise<void> | null = null;
  let again = false;

  const claimAll = async () => {
    for (;;) {
      if (stopping || running.size >= options.parallel) return;
      const ready: string[] = [];
      for (const { name, waitsFor } of options.targets) {
        const text = waitsFor();
        if (text === null) ready.push(name);
        else await explainWait(ctx.db, { targets: [name], text, now: ctx.clock.now() });
      }
      const engine = options.engine();
      if (!engine || ready.length === 0) return;
      const begun = await begin(ctx.db, { ...ctx, targets: ready });
      if (!begun) return;
      log.info(
        { operation: begun.operationId, deployment: begun.deploymentId, kind: begun.kind },
        "operation begins",
      );
      const operation = runOperation(ctx, begun, engine);
      running.set(begun.operationId, operation);
      void operation.done.then(() => {
        running.delete(begun.operationId);
        claim();
      });
    }
  };
  const claim = () => {
    again = true;
    claiming ??= (async () => {
      while (again) {
        again = false;
        await claimAll();
      }
    })()
      .catch((error: unknown) => log.warn({ err: error }, "no operation could be taken"))
      .finally(() => {
        claiming = null;
      });
  };

  const watch = subscribe(options.databaseUrl, {
    onChange(change) {
      if (change.topic === "tools") return claim();
      // Only what is asked for and what ends can change what there is to do: not the steps of what runs.
      if (change.topic !== "operation" || change.byWorker) return;
      running.get(change.operationId)?.look();
      claim();
    },
    onGap: claim,
  });
  const poll = setInterval(claim, pollMs);
  const tidy = repeat(reapMs, tidying(ctx, running));
  ctx.runners.refill();
  claim();

  const interruptAll = () => {
    for (const operation of running.values()) operation.interrupt();
  };
  return {
    hurry: interruptAll,
    async stop() {
      stopping = true;
      clearInterval(poll);
      tidy.stop();
      await claiming;
      const all = () => Promise.all([...running.values()].map(({ done }) => done));
      await within(options.drainMs, all());
      interruptAll();
      await within(options.stopMs, all());
      for (const operation of running.values()) operation.kill();
      await within(options.stopMs, all());
      ctx.runners.close();
      await watch.close();
    },
  };
}

/**
 * Looks for what others left. While the database was away nobody could beat, so then each worker is given the
 * time to do so first.
 */
function tidying(ctx: WorkerContext, running: Map<string, Running>): () => Promise<void> {
  let patientUntil = 0;
  const trying = (what: string, work: () => Promise<unknown>) =>
    work().catch((error: unknown) => {
      if (isDatabaseAway(error)) patientUntil = performance.now() + leaseMs;
      ctx.log.warn({ err: error }, what);
    });
  return async () => {
    await trying("what is over couldn't be looked for", () => expire(ctx));
    if (performance.now() < patientUntil) return;
    await trying("what others left couldn't be looked for", () => reap(ctx, [...running.keys()]));
  };
}

/** Does something again and again, never twice at once. */
function repeat(pauseMs: number, work: () => Promise<void>): { stop(): void } {
  let stopped = false;
  let timer: NodeJS.Timeout;
  const next = () => {
    timer = setTimeout(() => void work().finally(() => !stopped && next()), pauseMs);
  };
  next();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Waits for something, but not longer than this. */
async function within(ms: number, what: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([what, over]);
  clearTimeout(timer);
}
