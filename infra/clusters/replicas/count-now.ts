import { openCluster } from "#infra/clusters/ask-cluster.ts";
import { listObjectsOf } from "#infra/clusters/replicas/list-objects.ts";
import { snapshotOf } from "#infra/clusters/replicas/snapshot-of.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import { parseKubeconfig } from "#lib/targets/kubernetes/parse-kubeconfig.ts";

/** The next look comes as soon. */
const boundMs = 3_000;

/**
 * Writes how many replicas one deployment has now, so that what is said of it when an operation ends doesn't wait for the
 * next look. The replicas themselves, and its status, are left to that look: who looks at a cluster alone writes them.
 *
 * @throws ApiError or ApiUnreachable, the signal's reason, and what the database throws
 */
export async function countNow(
  { db, clock }: Pick<WorkerContext, "db" | "clock">,
  { kubeconfig }: { kubeconfig: string },
  deploymentId: string,
): Promise<void> {
  const access = parseKubeconfig(kubeconfig, { now: clock.now() });
  const cluster = openCluster(access, AbortSignal.timeout(boundMs));
  try {
    const objects = await listObjectsOf(cluster, deploymentId);
    const row = { id: deploymentId, variants: [], replicas: [] };
    const { desired, ready } = snapshotOf(row, objects, () => null);
    await db.$executeRaw`
      update deployment set replicas_desired = ${desired}, replicas_ready = ${ready}
      where id = ${deploymentId} and status <> 'destroyed'`;
  } finally {
    cluster.close();
  }
}
