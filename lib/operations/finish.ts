import { publish } from "#lib/changes/publish.ts";
import type { Clock } from "#lib/clock.ts";
import type { Db, Tx } from "#lib/db.ts";
import { pruneArchives } from "#lib/archives/prune-archives.ts";
import { pruneSecrets } from "#lib/deployments/prune-secrets.ts";
import type { DeploymentStatus, FailureCode } from "#lib/deployments/status.ts";
import type { EndpointView, Receipt } from "#lib/deployments/view.ts";
import { appendEvents } from "#lib/operations/append-events.ts";
import { lockDeployment } from "#lib/operations/lock-deployment.ts";
import type { OperationStatus } from "#lib/operations/status.ts";
import { storableJson } from "#lib/operations/storable-json.ts";
import { Prisma } from "#prisma/generated/client.ts";

export type Outcome = {
  status: Exclude<OperationStatus, "queued" | "running">;
  code: FailureCode | null;
  message: string | null;
  deployment: {
    status: DeploymentStatus;
    code: FailureCode | null;
    message: string | null;
    /** left as it is if not given */
    endpoint?: EndpointView | null;
  };
  receipt?: Receipt;
};

/**
 * Ends a running operation and says what became of its deployment. The first ending stays.
 *
 * @returns false if the operation is no longer this worker's: nothing is written
 */
export async function finish(
  db: Db,
  operation: { operationId: string; deploymentId: string; fence: number },
  outcome: Outcome,
  clock: Clock,
): Promise<boolean> {
  return db.$transaction((tx) => finishIn(tx, operation, outcome, clock.now()));
}

/** As `finish`, in the caller's transaction. */
export async function finishIn(
  tx: Tx,
  operation: { operationId: string; deploymentId: string; fence: number },
  told: Outcome,
  now: Date,
): Promise<boolean> {
  const { operationId, deploymentId, fence } = operation;
  const outcome = JSON.parse(storableJson(told)) as Outcome;
  const { status, code, message } = outcome;
  await lockDeployment(tx, deploymentId);
  const ended = { at: now, event: { kind: "ended", status, code, message } as const };
  const seq = await appendEvents(tx, operationId, [ended], { statuses: ["running"], fence });
  if (seq === null) return false;
  await tx.operation.update({
    where: { id: operationId },
    data: {
      status,
      errorCode: code,
      errorMessage: message,
      receipt: outcome.receipt,
      finishedAt: now,
      leaseUntil: null,
    },
  });
  await changeDeployment(tx, deploymentId, outcome, now);
  await publish(tx, { topic: "operation", deploymentId, operationId, seq });
  await publish(tx, { topic: "deployment", deploymentId });
  return true;
}

/** What is gone stays gone: its secrets are deleted, and its name may be another's. */
async function changeDeployment(tx: Tx, id: string, outcome: Outcome, now: Date): Promise<void> {
  const { status, code, message, endpoint } = outcome.deployment;
  const { count } = await tx.deployment.updateMany({
    where: { id, status: { not: "destroyed" } },
    data: {
      status,
      statusCode: code,
      statusMessage: message,
      ...(endpoint ? { endpoint } : {}),
      // What was seen before is put right, or was seen of something else.
      ...(outcome.status === "succeeded" ? { drift: Prisma.DbNull } : {}),
      ...(outcome.receipt ? { receipt: outcome.receipt } : {}),
    },
  });
  if (count === 0) return;
  if (status === "ready" || (status === "degraded" && outcome.status === "succeeded")) {
    await tx.deployment.updateMany({ where: { id, readyAt: null }, data: { readyAt: now } });
  }
  // Secrets of the revision before were kept as long as its replicas could be started again.
  if (outcome.status === "succeeded") {
    await pruneSecrets(tx, id);
    await pruneArchives(tx, id);
  }
  if (status === "destroyed") await clearDestroyed(tx, id, now);
}

/**
 * What is gone needs no address, no look at its domain, no secret, no files and no copy of its state; what still waited for
 * it never begins.
 */
export async function clearDestroyed(tx: Tx, deploymentId: string, now: Date): Promise<void> {
  await tx.$executeRaw`
    update deployment set destroyed_at = ${now}, endpoint = null, stack_secrets = null, probe_key = null,
      domain_state = null, measured = null, replicas_desired = 0, replicas_ready = 0
    where id = ${deploymentId}`;
  await tx.secret.deleteMany({ where: { deploymentId } });
  await tx.archive.deleteMany({ where: { deploymentId } });
  await tx.stackExport.deleteMany({ where: { operation: { deploymentId } } });
  const message = "The deployment was torn down before this began.";
  const waiting = await tx.operation.findMany({
    where: { deploymentId, status: "queued" },
    select: { id: true },
  });
  for (const { id } of waiting) {
    const event = { kind: "ended", status: "cancelled", code: "cancelled", message } as const;
    await appendEvents(tx, id, [{ at: now, event }], { statuses: ["queued"] });
    await tx.operation.update({
      where: { id },
      data: { status: "cancelled", errorCode: "cancelled", errorMessage: message, finishedAt: now },
    });
  }
}
