import { haproxyFiles } from "#infra/local-runtime/haproxy/process.ts";
import { RequestLog } from "#infra/local-runtime/haproxy/request-log.ts";
import { every } from "#infra/local-runtime/loop.ts";
import { Observer } from "#infra/local-runtime/observe.ts";
import { prune } from "#infra/traffic/prune.ts";
import { RowWriter } from "#infra/local-runtime/rows/row-writer.ts";
import type { Runtime } from "#infra/local-runtime/runtime.ts";
import { subscribe } from "#lib/changes/subscribe.ts";

/** What the runtime does by itself, again and again. */
export type Work = {
  /** writes what pages show of one deployment, now */
  show(deploymentId: string): Promise<void>;
  /** ends the loops */
  stop(): Promise<void>;
  /** writes what is still to be written */
  finish(): Promise<void>;
};

const pruneEveryMs = 60_000;

export function startWork(runtime: Runtime): Work {
  const { options, balancer, keys, desired, folders } = runtime;
  const { timing, clock, db } = options;
  const rows = new RowWriter(runtime);
  const observer = new Observer(runtime, rows);
  const requests = new RequestLog({
    db,
    balancer,
    files: haproxyFiles(folders).requestLogs,
    sizeLimit: timing.requestLogSize,
    onCounted: (id) => void runtime.changed.add(id),
    onRefused: (error) =>
      options.log("warn", "requests are counted, but can't be stored", { error: String(error) }),
  });
  const readRequests = async () => {
    await requests.read();
    await requests.rotate();
  };
  const look = async () => {
    if (await balancer.watch()) for (const { id } of desired.all()) runtime.changed.add(id);
    await observer.look();
    await runtime.restoreCertificates();
  };
  const refreshKeys = () => {
    const withEndpoint = desired.all().filter(({ endpoint }) => endpoint);
    return keys.refresh(
      withEndpoint.map(({ id }) => id),
      clock.now(),
    );
  };

  // A database that is away is said once, not twice a second.
  const failing = new Set<string>();
  const again = (what: string, everyMs: number, work: () => Promise<void>) =>
    every(
      everyMs,
      async () => {
        await work();
        if (failing.delete(what)) options.log("info", `${what}: works again`);
      },
      (error) => {
        if (!failing.has(what))
          options.log("warn", `${what}: failed, and is tried again`, { error: String(error) });
        failing.add(what);
      },
    );
  const loops = [
    again("looking at the load balancer", timing.statsEvery, look),
    again("reading keys", timing.keysEvery, refreshKeys),
    again("writing what runs", timing.rowsEvery, () => rows.write()),
    again("reading the request log", timing.requestLogEvery, readRequests),
    again("deleting old rows", pruneEveryMs, () => prune(db, clock.now())),
  ];
  const soon = () => void refreshKeys().catch(() => {});
  const subscription = subscribe(options.databaseUrl, {
    onChange: ({ topic }) => {
      if (topic === "keys") soon();
    },
    onGap: soon,
  });
  return {
    show: (id) => rows.writeNow(id),
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
      await subscription.close();
    },
    async finish() {
      // What can't be written now is found in the files at the next start.
      await Promise.allSettled([requests.read(), rows.writeAll()]);
    },
  };
}
