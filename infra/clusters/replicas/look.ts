import type { Cluster } from "#infra/clusters/ask-cluster.ts";
import type { ScalingFollower } from "#infra/clusters/replicas/follow-scaling.ts";
import { listObjects, type ModelObjects } from "#infra/clusters/replicas/list-objects.ts";
import { containerOf, type Pod } from "#infra/clusters/replicas/pod.ts";
import { isRecorded } from "#infra/clusters/replicas/is-recorded.ts";
import type { DeploymentRow } from "#infra/clusters/replicas/read-rows.ts";
import { snapshotOf } from "#infra/clusters/replicas/snapshot-of.ts";
import { stateOf } from "#infra/clusters/replicas/state-of.ts";
import { ApiError } from "#infra/kubernetes/api-client.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";
import { troubleOf } from "#infra/targets/kubernetes/troubles.ts";
import { publish } from "#lib/changes/publish.ts";
import type { Clock } from "#lib/clock.ts";
import type { Db } from "#lib/db.ts";
import { domainShortage } from "#lib/deployments/domain-state.ts";
import { requestJob } from "#lib/jobs/request-job.ts";
import { recordScaleSteps } from "#lib/replicas/record-log-and-steps.ts";
import { recordReplicas, type DeploymentSnapshot } from "#lib/replicas/record-replicas.ts";
import type { Shortage, Shortages } from "#lib/replicas/shortage.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";

export type Looking = { db: Db; clock: Clock; shortages: Shortages; scaling: ScalingFollower };

/**
 * Looks at all deployments of a cluster once, and writes what changed.
 *
 * @returns the pods that there are, by deployment
 * @throws ApiError or ApiUnreachable, and what the database throws
 */
export async function look(
  ctx: Looking,
  cluster: Cluster,
  rows: DeploymentRow[],
  signal: AbortSignal,
): Promise<Map<string, Pod[]>> {
  const existing = rows.filter(({ status }) => status !== "destroyed");
  const objects =
    existing.length > 0
      ? await listObjects(
          cluster,
          existing.map(({ id }) => id),
        )
      : new Map<string, ModelObjects>();
  signal.throwIfAborted();
  for (const row of rows) await write(ctx, cluster, row, objects.get(row.id) ?? nothing);
  ctx.scaling.keep(new Set(rows.map(({ id }) => id)));
  return new Map([...objects].map(([id, { pods }]) => [id, pods]));
}

const nothing: ModelObjects = { pods: [], deployments: [], autoscalers: [] };

async function write(
  ctx: Looking,
  cluster: Cluster,
  row: DeploymentRow,
  objects: ModelObjects,
): Promise<void> {
  const now = ctx.clock.now();
  const events = await eventsOf(cluster, row.id, objects.pods);
  const seen = snapshotOf(row, objects, (pod) => troubleOf(pod, events));
  const lasts = ctx.shortages.lasts(row.id, seen.shortage, performance.now()) || row.status === "degraded";
  // What an operation failed by is added as it is when this is written: meanwhile another one may have succeeded.
  const shortage = (lasts ? seen.shortage : null) ?? (row.failure ? null : pendingOf(row));
  const snapshot = { ...seen, shortage };
  // Of a shortage that is new, nothing is said before the next look.
  const isSettled = lasts || seen.shortage === null;
  if (!isRecorded(row, snapshot, isSettled)) await recordReplicas(ctx.db, snapshot, now);
  if (turnsMissing(row, snapshot)) await askWhatIsMissing(ctx.db, row.id, now);
  await recordScaleSteps(ctx.db, await ctx.scaling.stepsOf(row.id, objects.autoscalers, now));
}

/** It serves, but not yet by its domain's name. */
function pendingOf({ domain, domainState, address }: DeploymentRow): Shortage | null {
  const message = address === null ? null : domainShortage(domainState, domain, address);
  return message ? { code: "certificate_pending", message } : null;
}

/** Whether something was just seen to be deleted; what an operation does isn't done by hand. */
function turnsMissing(
  { isBusy, status, statusCode }: DeploymentRow,
  { shortage }: DeploymentSnapshot,
): boolean {
  const isSaid = statusCode === missing || !["ready", "degraded"].includes(status);
  return !isBusy && !isSaid && shortage?.code === missing;
}

const missing = "objects_missing";

/** “Put it right” makes anew what a look for drift found, and the next one may be minutes away. */
async function askWhatIsMissing(db: Db, deploymentId: string, now: Date): Promise<void> {
  const actor = { type: "system", reason: "something was deleted by hand" } as const;
  await requestJob(db, { kind: "drift", subjectId: deploymentId, actor, now });
  await publish(db, { topic: "deployment", deploymentId });
}

type Events = Parameters<typeof troubleOf>[1];

/** What probes say, where one may be what keeps a pod from being ready. They only add words. */
async function eventsOf(cluster: Cluster, deploymentId: string, pods: Pod[]): Promise<Events> {
  const isProbed = (pod: Pod) => stateOf(pod) !== "ready" && Boolean(containerOf(pod)?.state?.running);
  if (!pods.some(isProbed)) return [];
  const path = objectPath({ apiVersion: "v1", kind: "Event", namespace: namespaceOf(deploymentId) });
  try {
    return (await cluster.list(`${path}?fieldSelector=${encodeURIComponent("reason=Unhealthy")}`)) as Events;
  } catch (error) {
    if (error instanceof ApiError) return [];
    throw error;
  }
}
