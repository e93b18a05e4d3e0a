import { placesInUse } from "#infra/clusters/places-in-use.ts";
import { Connection } from "#infra/clusters/replicas/keep-connection.ts";
import { listObjectsOf } from "#infra/clusters/replicas/list-objects.ts";
import { snapshotOf } from "#infra/clusters/replicas/snapshot-of.ts";
import type { WorkerContext } from "#infra/worker/context.ts";

/** The next look comes as soon. */
const boundMs = 3_000;

/**
 * Writes how many replicas one deployment in a cluster has now, so that what is said of it when an operation ends doesn't
 * wait for the next look. The replicas themselves, and its status, are left to that look: who looks at a cluster alone
 * writes them.
 *
 * @throws what keeps the cluster from being asked, the signal's reason, and what the database throws
 */
export async function countNow(
  ctx: Pick<WorkerContext, "db" | "clock" | "sealingKey" | "googleEndpoint">,
  deploymentId: string,
): Promise<void> {
  const signal = AbortSignal.timeout(boundMs);
  for (const place of (await placesInUse(ctx.db, deploymentId)).values()) {
    const connection = new Connection(ctx, place, signal);
    try {
      const cluster = await connection.open(signal);
      if (!cluster) continue;
      const objects = await listObjectsOf(cluster, deploymentId);
      const row = { id: deploymentId, variants: [], replicas: [] };
      const { desired, ready } = snapshotOf(row, objects, () => null);
      await ctx.db.$executeRaw`
        update deployment set replicas_desired = ${desired}, replicas_ready = ${ready}
        where id = ${deploymentId} and status <> 'destroyed'`;
    } finally {
      connection.close();
    }
  }
}
