import { publish } from "#lib/changes/publish.ts";
import type { Clock } from "#lib/clock.ts";
import type { Db, Tx } from "#lib/db.ts";
import { statusClass, type DeploymentStatus } from "#lib/deployments/status.ts";
import { appendEvents } from "#lib/operations/append-events.ts";
import { leaseEnd } from "#lib/operations/lease.ts";
import type { OperationKind } from "#lib/operations/status.ts";

/** An operation that this worker now owns, as long as it beats. */
export type Begun = {
  operationId: string;
  deploymentId: string;
  revisionId: string;
  kind: OperationKind;
  attempt: number;
  fence: number;
};

type Candidate = {
  id: string;
  deployment_id: string;
  revision_id: string;
  kind: OperationKind;
  attempt: number;
  queued_at: Date;
  deployment_status: DeploymentStatus;
};

/**
 * Takes the oldest queued operation whose deployment has none running and whose target this worker reaches,
 * raises the deployment's fence and takes a lease.
 *
 * @returns null if there is none to take
 */
export async function begin(
  db: Db,
  worker: { workerId: string; host: string; targets: string[]; clock: Clock },
): Promise<Begun | null> {
  return db.$transaction(async (tx) => {
    const found = await pick(tx, worker.targets);
    return found ? take(tx, worker, found) : null;
  });
}

/**
 * Both rows are taken without waiting: what another worker or a verb holds right now is left to it. The check
 * for an older queued one keeps the order even then.
 */
async function pick(tx: Tx, targets: string[]): Promise<Candidate | null> {
  const rows = await tx.$queryRaw<Candidate[]>`
    select o.id, o.deployment_id, o.revision_id, o.kind, o.attempt, o.queued_at, d.status as deployment_status
    from operation o join deployment d on d.id = o.deployment_id
    where o.status = 'queued' and d.target = any(${targets})
      and not exists (
        select from operation other
        where other.deployment_id = o.deployment_id
          and (other.status = 'running' or (other.status = 'queued' and other.queued_at < o.queued_at))
      )
    order by o.queued_at limit 1
    for no key update of o, d skip locked`;
  return rows[0] ?? null;
}

async function take(
  tx: Tx,
  worker: { workerId: string; host: string; clock: Clock },
  found: Candidate,
): Promise<Begun | null> {
  const now = worker.clock.now();
  // Seen again under the lock: the first look may be older than another worker's commit.
  const running = await tx.operation.count({
    where: { deploymentId: found.deployment_id, status: "running" },
  });
  if (running > 0) return null;
  const { fence } = await tx.deployment.update({
    where: { id: found.deployment_id },
    data: { fence: { increment: 1 }, status: statusAtStart(found.kind, found.deployment_status) },
    select: { fence: true },
  });
  const attempt = found.attempt + 1;
  await tx.$executeRaw`
    update operation set status = 'running', attempt = ${attempt}, fence = ${fence}, lease_until = ${leaseEnd},
      worker_id = ${worker.workerId}, host = ${worker.host}, started_at = ${now}
    where id = ${found.id}`;
  const durationMs = Math.max(0, now.getTime() - found.queued_at.getTime());
  const event = { kind: "stage_ended", stage: "queued", ok: true, durationMs } as const;
  const seq = await appendEvents(tx, found.id, [{ at: now, event }], { statuses: ["running"], fence });
  const { deployment_id: deploymentId, revision_id: revisionId, kind } = found;
  const change = { topic: "operation", deploymentId, operationId: found.id, seq: seq ?? 0 } as const;
  await publish(tx, { ...change, byWorker: true });
  await publish(tx, { topic: "deployment", deploymentId });
  return { operationId: found.id, deploymentId, revisionId, kind, attempt, fence };
}

/** What serves goes on serving while it is updated, and says so. */
function statusAtStart(kind: OperationKind, now: DeploymentStatus): DeploymentStatus {
  switch (kind) {
    case "destroy":
      return "destroying";
    case "deploy":
    case "update":
      return statusClass(now) === "serving" ? now : "provisioning";
  }
}
