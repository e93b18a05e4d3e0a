import { clusterHolds } from "#infra/clusters/hold-cluster.ts";
import { usualTiming, watchCluster, type WatchContext } from "#infra/clusters/replicas/watch-cluster.ts";
import { every, type Loop } from "#infra/local-runtime/loop.ts";
import { isDatabaseAway } from "#lib/database-away.ts";

/**
 * Looks at the replicas of every registered cluster that has deployments. Each cluster is looked at by itself, so that
 * one that is slow keeps no other waiting.
 */
export function watchReplicas(
  ctx: WatchContext,
  options: { databaseUrl: string; timing?: typeof usualTiming },
): Loop {
  const { timing = usualTiming } = options;
  const holds = clusterHolds(options.databaseUrl);
  const watched = new Map<string, Loop>();
  const loop = every(
    timing.everyMs,
    async () => {
      const wanted = await clustersInUse(ctx);
      for (const id of wanted) {
        if (!watched.has(id)) watched.set(id, watchCluster(ctx, holds, id, timing));
      }
      const over = [...watched].filter(([id]) => !wanted.has(id));
      for (const [id, watch] of over) {
        watched.delete(id);
        await watch.stop();
      }
    },
    (error) => {
      const level = isDatabaseAway(error) ? "debug" : "warn";
      ctx.log[level]({ err: error }, "which clusters have replicas couldn't be read");
    },
  );
  return {
    async stop() {
      await loop.stop();
      await Promise.allSettled([...watched.values()].map((watch) => watch.stop()));
      await holds.close();
    },
  };
}

/** Those with a deployment that exists, or with rows of one that doesn't any more. */
async function clustersInUse({ db }: WatchContext): Promise<Set<string>> {
  const rows = await db.target.findMany({
    where: {
      removedAt: null,
      deployments: { some: { OR: [{ status: { not: "destroyed" } }, { replicas: { some: {} } }] } },
    },
    select: { id: true },
  });
  return new Set(rows.map(({ id }) => id));
}
