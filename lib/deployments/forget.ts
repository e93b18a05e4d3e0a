import { recordAudit } from "#lib/audit/record.ts";
import { publish } from "#lib/changes/publish.ts";
import type { SealingContext } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import { findDeploymentId } from "#lib/deployments/find.ts";
import { getDeployment } from "#lib/deployments/get.ts";
import { isLeftUndone } from "#lib/deployments/left-undone.ts";
import { lockedWithSpec } from "#lib/deployments/locked.ts";
import { objectsLeft } from "#lib/deployments/objects-left.ts";
import { receiptLines } from "#lib/deployments/receipt-lines.ts";
import type { DeploymentView, Receipt } from "#lib/deployments/view.ts";
import { SluiceError } from "#lib/errors.ts";
import { requestJob } from "#lib/jobs/request-job.ts";
import { clearDestroyed } from "#lib/operations/finish.ts";
import { newestOperation } from "#lib/operations/newest.ts";
import { projectSettings } from "#lib/targets/gke/project-settings.ts";

/**
 * Gives a deployment up whose cluster can't be torn down: it counts as destroyed, and its receipt lists every object
 * that stays there. What the engine remembers of it is deleted by the worker; an engine that still works on it can write no
 * more, as its fence is an older one then.
 *
 * @throws SluiceError `not_found`, or `conflict` unless its last operation is a tear-down on a cluster that began
 *   and came to no end
 */
export async function forgetDeployment(ctx: SealingContext, idOrName: string): Promise<DeploymentView> {
  const id = await findDeploymentId(ctx, idOrName);
  await ctx.db.$transaction((tx) => forget(tx, ctx, id));
  return getDeployment(ctx, id);
}

async function forget(tx: Tx, ctx: SealingContext, id: string): Promise<void> {
  const { row } = await lockedWithSpec(tx, id);
  const newest = await newestOperation(tx, id);
  if (row.status === "destroyed") throw new SluiceError("conflict", `${row.name} is gone already.`);
  const running = await tx.operation.count({ where: { deploymentId: id, status: "running" } });
  if (row.targetId === null || !newest || running > 0 || !isLeftUndone(newest)) {
    const message =
      "Only a deployment on a cluster whose tear-down has just failed, or was stopped, can be forgotten. Tear it down first.";
    throw new SluiceError("conflict", message);
  }
  const now = ctx.clock.now();
  const lines = await receiptLines(tx, id, null);
  const project = await projectOf(tx, row.targetId);
  const what = await objectsLeft(tx, ctx.sealingKey, { id, project }, lines);
  const receipt: Receipt = {
    ...lines,
    remaining: what.map((one) => ({ kind: "object", what: one })),
    checkedAt: now.toISOString(),
  };
  await tx.deployment.update({
    where: { id },
    data: { status: "destroyed", statusCode: null, statusMessage: null, receipt, fence: { increment: 1 } },
  });
  await clearDestroyed(tx, id, now);
  await requestJob(tx, { kind: "forget", subjectId: id, actor: ctx.actor, now });
  await recordAudit(tx, ctx.actor, "deployment.forget", id, { name: row.name, remaining: what }, now);
  await publish(tx, { topic: "deployment", deploymentId: id });
}

/** The Google project of a registered target; null: it is a cluster. */
async function projectOf(tx: Tx, targetId: string): Promise<string | null> {
  const { kind, settings } = await tx.target.findUniqueOrThrow({ where: { id: targetId } });
  return kind === "gke" ? projectSettings.parse(settings).project : null;
}
