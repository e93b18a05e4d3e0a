import { recordAudit } from "#lib/audit/record.ts";
import type { Context } from "#lib/context.ts";
import { findDeploymentId } from "#lib/deployments/find.ts";
import { lockedWithSpec } from "#lib/deployments/locked.ts";
import type { OperationView } from "#lib/deployments/view.ts";
import { SluiceError } from "#lib/errors.ts";
import { enqueue } from "#lib/operations/enqueue.ts";
import { getOperation } from "#lib/operations/get-operation.ts";
import { newestOperation } from "#lib/operations/newest.ts";
import { isTerminal, type OperationKind, type OperationStatus } from "#lib/operations/status.ts";

/**
 * Does again what began and didn't succeed (or the first deploy, if nothing began), with the newest revision; it adopts
 * what exists already.
 *
 * @returns the new operation; asked again while it waits or runs, the same one
 * @throws SluiceError `not_found`, or `conflict` where there is nothing to retry
 */
export async function retryDeployment(ctx: Context, idOrName: string): Promise<OperationView> {
  const id = await findDeploymentId(ctx, idOrName);
  const operationId = await ctx.db.$transaction(async (tx) => {
    const { row, revisionId } = await lockedWithSpec(tx, id);
    const latest = await newestOperation(tx, id);
    if (!latest || row.status === "destroyed" || latest.status === "succeeded") {
      throw new SluiceError("conflict", "Its last operation succeeded: there is nothing to retry.");
    }
    if (!isTerminal(latest.status as OperationStatus)) return latest.id;
    const now = ctx.clock.now();
    await recordAudit(tx, ctx.actor, "deployment.retry", id, { after: latest.id }, now);
    const kind = latest.kind as OperationKind;
    return enqueue(tx, { deploymentId: id, revisionId, kind, actor: ctx.actor, now });
  });
  return getOperation(ctx, operationId);
}
