import { recordAudit } from "#lib/audit/record.ts";
import { publish } from "#lib/changes/publish.ts";
import type { SealingContext } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import { findDeploymentId } from "#lib/deployments/find.ts";
import { getDeployment } from "#lib/deployments/get.ts";
import { isLeftUndone } from "#lib/deployments/left-undone.ts";
import { lockedWithSpec } from "#lib/deployments/locked.ts";
import { receiptLines } from "#lib/deployments/receipt-lines.ts";
import type { DeploymentView, Receipt } from "#lib/deployments/view.ts";
import { SluiceError } from "#lib/errors.ts";
import { requestJob } from "#lib/jobs/request-job.ts";
import { clearDestroyed } from "#lib/operations/finish.ts";
import { unseal, UnsealError, type SealingKey } from "#lib/secrets/seal.ts";
import { namespaceOf, objectNames } from "#lib/targets/kubernetes/settings.ts";
import { isPlannedType, resourceKey } from "#lib/targets/plan.ts";

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
  const newest = await tx.operation.findFirst({
    where: { deploymentId: id },
    orderBy: { queuedAt: "desc" },
  });
  if (row.status === "destroyed") throw new SluiceError("conflict", `${row.name} is gone already.`);
  const running = await tx.operation.count({ where: { deploymentId: id, status: "running" } });
  if (row.targetId === null || !newest || running > 0 || !isLeftUndone(newest)) {
    const message =
      "Only a deployment on a cluster whose tear-down has just failed, or was stopped, can be forgotten. Tear it down first.";
    throw new SluiceError("conflict", message);
  }
  const now = ctx.clock.now();
  const lines = await receiptLines(tx, id, null);
  const what = await objectsLeft(tx, ctx.sealingKey, id, lines);
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

/**
 * By the engine's last memory of it, and by what the operations made: after a run that died the memory that was kept is an
 * older one, and it has what no operation's story tells of.
 */
async function objectsLeft(
  tx: Tx,
  key: SealingKey,
  id: string,
  { created, deleted }: Pick<Receipt, "created" | "deleted">,
): Promise<string[]> {
  const namespace = namespaceOf(id);
  const gone = new Set(deleted.map(resourceKey));
  const known = [...(await lastState(tx, key, id)), ...created];
  const left = [...new Map(known.map((one) => [resourceKey(one), one])).values()]
    .filter((one) => !gone.has(resourceKey(one)))
    .map(({ type, name }) => ({ kind: type.split(":").at(-1) ?? type, name }));
  // The worker's own, which the engine doesn't know of: it is there as soon as HAProxy is.
  const isProxied = left.some(({ kind, name }) => kind === "Deployment" && name === objectNames.proxy);
  const keys = isProxied ? [{ kind: "Secret", name: objectNames.proxyKeys }] : [];
  return [...left, ...keys].map(({ kind, name }) =>
    kind === "Namespace" ? `Namespace ${name}` : `${kind} ${namespace}/${name}`,
  );
}

type StateResource = { type: string; urn: string };
type State = {
  deployment?: {
    resources?: StateResource[];
    /** what was being made when the engine ended: it may be there */
    pending_operations?: { type: string; resource: StateResource }[];
  };
};

async function lastState(tx: Tx, key: SealingKey, id: string): Promise<{ type: string; name: string }[]> {
  const row = await tx.stackExport.findFirst({
    where: { operation: { deploymentId: id } },
    orderBy: { takenAt: "desc" },
  });
  if (!row) return [];
  try {
    const { deployment = {} } = JSON.parse(unseal(key, id, row.sealed)) as State;
    const pending = (deployment.pending_operations ?? []).filter(({ type }) => type === "creating");
    return [...(deployment.resources ?? []), ...pending.map(({ resource }) => resource)]
      .filter(({ type }) => isPlannedType(type))
      .map(({ type, urn }) => ({ type, name: urn.split("::").at(-1) ?? "" }));
  } catch (error) {
    // Sealed with another key: what the operations made is known all the same.
    if (error instanceof UnsealError) return [];
    throw error;
  }
}
