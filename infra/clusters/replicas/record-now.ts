import { openCluster } from "#infra/clusters/ask-cluster.ts";
import { listObjectsOf } from "#infra/clusters/replicas/list-objects.ts";
import { replicasOf } from "#infra/clusters/replicas/read-rows.ts";
import { snapshotOf } from "#infra/clusters/replicas/snapshot-of.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import { recordReplicas } from "#lib/replicas/record-replicas.ts";
import { parseKubeconfig } from "#lib/targets/kubernetes/parse-kubeconfig.ts";

/** The next look comes as soon. */
const boundMs = 3_000;

/**
 * Writes one deployment's replicas as they are now, so that what is said of it when an operation ends doesn't wait for
 * the next look. Its status is left to the operation.
 *
 * @throws ApiError or ApiUnreachable, the signal's reason, and what the database throws
 */
export async function recordNow(
  { db, clock }: Pick<WorkerContext, "db" | "clock">,
  { kubeconfig }: { kubeconfig: string },
  deploymentId: string,
): Promise<void> {
  const access = parseKubeconfig(kubeconfig, { now: clock.now() });
  const cluster = openCluster(access, AbortSignal.timeout(boundMs));
  try {
    const objects = await listObjectsOf(cluster, deploymentId);
    const row = { id: deploymentId, variants: [], replicas: await replicasOf(db, [deploymentId]) };
    await recordReplicas(
      db,
      snapshotOf(row, objects, () => null),
      clock.now(),
    );
  } finally {
    cluster.close();
  }
}
