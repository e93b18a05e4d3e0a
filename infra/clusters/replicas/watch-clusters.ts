import { placesInUse } from "#infra/clusters/places-in-use.ts";
import { clusterHolds } from "#infra/clusters/hold-cluster.ts";
import { usualTiming, watchCluster, type WatchContext } from "#infra/clusters/replicas/watch-cluster.ts";
import { every, type Loop } from "#infra/local-runtime/loop.ts";
import { subscribe } from "#lib/changes/subscribe.ts";
import { isDatabaseAway } from "#lib/database-away.ts";

/**
 * Looks at the replicas of every cluster that has deployments: registered ones, and those in Google projects. Each cluster
 * is looked at by itself, so that one that is slow keeps no other waiting; at once when an operation there ends.
 */
export function watchReplicas(
  ctx: WatchContext,
  options: { databaseUrl: string; timing?: typeof usualTiming },
): Pick<Loop, "stop"> {
  const { timing = usualTiming } = options;
  const holds = clusterHolds(options.databaseUrl);
  const watched = new Map<string, Loop>();
  const loop = every(
    timing.everyMs,
    async () => {
      const wanted = await placesInUse(ctx.db);
      for (const [key, place] of wanted) {
        if (!watched.has(key)) watched.set(key, watchCluster(ctx, holds, place, timing));
      }
      const over = [...watched].filter(([key]) => !wanted.has(key));
      for (const [key, watch] of over) {
        watched.delete(key);
        await watch.stop();
      }
    },
    (error) => {
      const level = isDatabaseAway(error) ? "debug" : "warn";
      ctx.log[level]({ err: error }, "which clusters have replicas couldn't be read");
    },
  );
  const lookSoon = async (deploymentId: string) => {
    const places = await placesInUse(ctx.db, deploymentId);
    for (const key of places.keys()) watched.get(key)?.soon();
  };
  const watch = subscribe(options.databaseUrl, {
    onChange(change) {
      // What a worker says on the way is no end.
      if (change.topic !== "operation" || change.byWorker) return;
      lookSoon(change.deploymentId).catch((error: unknown) =>
        ctx.log.debug(
          { err: error },
          "which cluster an operation was on couldn't be read: the next look comes",
        ),
      );
    },
    onGap() {
      for (const one of watched.values()) one.soon();
    },
  });
  return {
    async stop() {
      await watch.close();
      await loop.stop();
      await Promise.allSettled([...watched.values()].map((watch) => watch.stop()));
      await holds.close();
    },
  };
}
