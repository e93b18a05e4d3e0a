import { recordAudit } from "#lib/audit/record.ts";
import { visibleTo } from "#lib/auth/visible-to.ts";
import { publish } from "#lib/changes/publish.ts";
import type { Actor, Context } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import { putBackRevision } from "#lib/deployments/put-back-revision.ts";
import { SluiceError, notFound } from "#lib/errors.ts";
import { appendEvents, type TimedEvent } from "#lib/operations/append-events.ts";
import { getOperation } from "#lib/operations/get-operation.ts";
import { lockDeployment } from "#lib/operations/lock-deployment.ts";
import { isTerminal, type OperationStatus } from "#lib/operations/status.ts";
import type { OperationView } from "#lib/deployments/view.ts";

/**
 * Cancels an operation: a queued one at once, and what it would have changed is as it was asked for before; a running one
 * as soon as its engine has stopped (asking again changes nothing).
 *
 * @throws SluiceError `not_found`, or `conflict` if it has ended
 */
export async function cancel(ctx: Context, input: { operationId: string }): Promise<OperationView> {
  await ctx.db.$transaction((tx) => cancelIn(tx, ctx, input.operationId));
  return getOperation(ctx, input.operationId);
}

/** As `cancel`, in the caller's transaction. */
export async function cancelIn(
  tx: Tx,
  ctx: Pick<Context, "actor" | "clock">,
  operationId: string,
): Promise<void> {
  const { actor, clock } = ctx;
  const owned = await tx.operation.findFirst({
    where: { id: operationId, deployment: visibleTo(actor) },
    select: { deploymentId: true },
  });
  if (!owned) throw notFound("operation");
  const { deploymentId } = owned;
  await lockDeployment(tx, deploymentId);
  // A worker may end it meanwhile, so the row is read under its own lock.
  const rows = await tx.$queryRaw<{ status: OperationStatus; queued_at: Date; asked: boolean }[]>`
    select status, queued_at, cancel_requested_at is not null as asked
    from operation where id = ${operationId} for update`;
  const operation = rows[0];
  if (!operation) throw notFound("operation");
  if (isTerminal(operation.status)) {
    throw new SluiceError("conflict", `This operation has already ended: ${operation.status}.`);
  }
  if (operation.asked) return;

  const at = clock.now();
  const asked: TimedEvent = { at, event: { kind: "cancel_requested", by: await nameOf(tx, actor) } };
  const isQueued = operation.status === "queued";
  const events = isQueued ? [asked, ...endOfQueued(at, operation.queued_at)] : [asked];
  const seq = await appendEvents(tx, operationId, events, { statuses: [operation.status] });
  await tx.operation.update({
    where: { id: operationId },
    data: isQueued
      ? {
          cancelRequestedAt: at,
          status: "cancelled",
          errorCode: "cancelled",
          errorMessage: notBegun,
          finishedAt: at,
        }
      : { cancelRequestedAt: at },
  });
  if (isQueued) {
    await putBackRevision(tx, { actor, now: at }, deploymentId);
    await leaveDeployment(tx, deploymentId);
  }
  await recordAudit(tx, actor, "operation.cancel", operationId, { deploymentId }, at);
  await publish(tx, { topic: "operation", deploymentId, operationId, seq: seq ?? 0 });
}

const notBegun = "It was cancelled before it began, so nothing was made or changed.";

function endOfQueued(at: Date, queuedAt: Date): TimedEvent[] {
  const durationMs = Math.max(0, at.getTime() - queuedAt.getTime());
  return [
    { at, event: { kind: "stage_ended", stage: "queued", ok: false, durationMs } },
    { at, event: { kind: "ended", status: "cancelled", code: "cancelled", message: notBegun } },
  ];
}

/** A deployment that only waited for its first operation has nothing on its way any more. */
async function leaveDeployment(tx: Tx, deploymentId: string): Promise<void> {
  const others = await tx.operation.count({ where: { deploymentId, status: { in: ["queued", "running"] } } });
  if (others === 0) {
    await tx.deployment.updateMany({
      where: { id: deploymentId, status: "queued" },
      data: { status: "failed", statusCode: "cancelled", statusMessage: notBegun },
    });
  }
  await publish(tx, { topic: "deployment", deploymentId });
}

async function nameOf(tx: Tx, actor: Actor): Promise<string> {
  switch (actor.type) {
    case "user":
      return (await tx.user.findUnique({ where: { id: actor.id } }))?.name ?? "a person";
    case "worker":
    case "runtime":
      return "Sluice";
    case "system":
      return `Sluice: ${actor.reason}`;
  }
}
