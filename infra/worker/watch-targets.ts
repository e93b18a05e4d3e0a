import { EngineError } from "#infra/engine/driver.ts";
import { runtimeClient } from "#infra/local-runtime/provider/runtime-client.ts";
import { runtimeSocketPath } from "#infra/local-runtime/socket-path.ts";
import { localPreflight } from "#infra/targets/local/preflight.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import { publish } from "#lib/changes/publish.ts";

type Found = { available: boolean; reason: string | null };

const everyMs = 2_000;
/** Written at least this often, so that a reader sees that somebody still looks. */
const writeEveryMs = 30_000;

/** Looks again and again whether the `local` target can serve, and writes down what changes. */
export function watchTargets(ctx: Pick<WorkerContext, "db" | "clock" | "log" | "home">): { stop(): void } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let last: Found | null = null;
  let writtenAt = 0;

  const look = async () => {
    const found = await lookAtLocal(ctx.home);
    const same = last !== null && last.available === found.available && last.reason === found.reason;
    if (same && performance.now() - writtenAt < writeEveryMs) return;
    const checkedAt = ctx.clock.now();
    await ctx.db.targetState.upsert({
      where: { name: "local" },
      create: { name: "local", ...found, checkedAt },
      update: { ...found, checkedAt },
    });
    if (!same) await publish(ctx.db, { topic: "targets" });
    last = found;
    writtenAt = performance.now();
  };
  const again = () => {
    void look()
      .catch((error: unknown) => ctx.log.warn({ err: error }, "what was found of the targets wasn't written"))
      .finally(() => {
        if (!stopped) timer = setTimeout(again, everyMs);
      });
  };
  again();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** One look, without patience. */
export async function lookAtLocal(home: string): Promise<Found> {
  const runtime = runtimeClient({ socketPath: runtimeSocketPath(home), fence: 0, patienceMs: 0 });
  try {
    await localPreflight(runtime, AbortSignal.timeout(5_000));
    return { available: true, reason: null };
  } catch (error) {
    if (error instanceof EngineError) return { available: false, reason: error.message };
    throw error;
  }
}
