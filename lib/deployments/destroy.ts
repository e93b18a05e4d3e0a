import { recordAudit } from "#lib/audit/record.ts";
import type { Context } from "#lib/context.ts";
import { findDeploymentId } from "#lib/deployments/find.ts";
import { lockedWithSpec } from "#lib/deployments/locked.ts";
import type { OperationView } from "#lib/deployments/view.ts";
import { cancelIn } from "#lib/operations/cancel.ts";
import { enqueue } from "#lib/operations/enqueue.ts";
import { getOperation } from "#lib/operations/get-operation.ts";
import type { Tx } from "#lib/db.ts";

/**
 * Tears a deployment down: what still waits is cancelled, what runs is asked to stop, and the tear-down comes
 * after it. Asked again, it answers with the same operation; after one that failed, it begins another.
 *
 * @returns the operation that tears it down, or did
 * @throws SluiceError `not_found`
 */
export async function destroyDeployment(ctx: Context, idOrName: string): Promise<OperationView> {
  const id = await findDeploymentId(ctx, idOrName);
  const operationId = await ctx.db.$transaction((tx) => leave(tx, ctx, id));
  return getOperation(ctx, operationId);
}

async function leave(tx: Tx, ctx: Context, id: string): Promise<string> {
  const { row, revisionId } = await lockedWithSpec(tx, id);
  const underWay = { status: { in: ["queued", "running"] }, cancelRequestedAt: null };
  const earlier = await tx.operation.findFirst({
    // Of one that is gone the last, which may have failed: then it was forgotten.
    where: { deploymentId: id, kind: "destroy", ...(row.status === "destroyed" ? {} : underWay) },
    orderBy: { queuedAt: "desc" },
  });
  if (earlier) return earlier.id;
  const now = ctx.clock.now();
  const before = await tx.operation.findMany({
    where: { deploymentId: id, status: { in: ["queued", "running"] } },
    select: { id: true },
  });
  // First the tear-down: a deployment that has none on its way would be said to have failed by the cancels.
  const operationId = await enqueue(tx, {
    deploymentId: id,
    revisionId,
    kind: "destroy",
    actor: ctx.actor,
    now,
  });
  for (const operation of before) await cancelIn(tx, ctx, operation.id);
  await recordAudit(tx, ctx.actor, "deployment.destroy", id, { name: row.name }, now);
  return operationId;
}
