import type { Runtime } from "#infra/local-runtime/runtime.ts";
import { every } from "#infra/local-runtime/loop.ts";
import { subscribe } from "#lib/changes/subscribe.ts";

/** What the runtime does by itself, again and again. */
export type Work = {
  /** ends the loops */
  stop(): Promise<void>;
  /** writes what is still to be written */
  finish(): Promise<void>;
};

export function startWork(runtime: Runtime): Work {
  const { options, balancer, keys, desired } = runtime;
  const { timing, clock, log } = options;
  const quietly = (what: string) => (error: unknown) =>
    log("debug", `${what} failed`, { error: String(error) });
  const refreshKeys = () =>
    keys.refresh(
      desired.all().flatMap(({ id, endpoint }) => (endpoint ? [id] : [])),
      clock.now(),
    );
  const loops = [
    every(timing.statsEvery, () => balancer.watch(), quietly("watching the load balancer")),
    every(timing.keysEvery, refreshKeys, quietly("reading keys")),
  ];
  const subscription = subscribe(options.databaseUrl, {
    onChange: (change) => {
      if (change.topic === "keys") refreshKeys().catch(quietly("reading keys"));
    },
    onGap: () => void refreshKeys().catch(quietly("reading keys")),
  });
  return {
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
      await subscription.close();
    },
    async finish() {},
  };
}
