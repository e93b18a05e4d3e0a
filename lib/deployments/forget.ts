import { recordAudit } from "#lib/audit/record.ts";
import { publish } from "#lib/changes/publish.ts";
import type { SealingContext } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import { findDeploymentId } from "#lib/deployments/find.ts";
import { getDeployment } from "#lib/deployments/get.ts";
import { lockedWithSpec } from "#lib/deployments/locked.ts";
import { receiptLines } from "#lib/deployments/receipt-lines.ts";
import type { DeploymentView, Receipt } from "#lib/deployments/view.ts";
import { SluiceError } from "#lib/errors.ts";
import { requestJob } from "#lib/jobs/request-job.ts";
import { clearDestroyed } from "#lib/operations/finish.ts";
import { isTerminal, type OperationStatus } from "#lib/operations/status.ts";
import { unseal, UnsealError, type SealingKey } from "#lib/secrets/seal.ts";
import { namespaceOf, objectNames } from "#lib/targets/kubernetes/settings.ts";
import { isPlannedType, resourceKey } from "#lib/targets/plan.ts";

/**
 * Gives a deployment up whose cluster can't be torn down: it counts as destroyed, and its receipt lists every object
 * that stays there. What the engine remembers of it is deleted by the worker.
 *
 * @throws SluiceError `not_found`, or `conflict` unless its last operation is a tear-down on a cluster that came to no end
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
  if (row.targetId === null || newest?.kind !== "destroy" || !isUndone(newest.status)) {
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
    data: { status: "destroyed", statusCode: null, statusMessage: null, receipt },
  });
  await clearDestroyed(tx, id, now);
  await requestJob(tx, { kind: "forget", subjectId: id, actor: ctx.actor, now });
  await recordAudit(tx, ctx.actor, "deployment.forget", id, { name: row.name, remaining: what }, now);
  await publish(tx, { topic: "deployment", deploymentId: id });
}

/** Ended, but not as it should. */
function isUndone(status: string): boolean {
  return isTerminal(status as OperationStatus) && status !== "succeeded";
}

type StateResource = {
  type: string;
  urn: string;
  inputs?: { kind?: string; metadata?: { name?: string; namespace?: string } };
};

/** By the engine's last memory of it; where none was kept, by what the operations made. */
async function objectsLeft(
  tx: Tx,
  key: SealingKey,
  id: string,
  { created, deleted }: Pick<Receipt, "created" | "deleted">,
): Promise<string[]> {
  const namespace = namespaceOf(id);
  const gone = new Set(deleted.map(resourceKey));
  const known = (await lastState(tx, key, id)) ?? created;
  const left = known
    .filter((one) => !gone.has(resourceKey(one)))
    .map(({ type, name }) => ({ kind: type.split(":").at(-1) ?? type, name }));
  // The worker's own, which the engine doesn't know of: it is there as soon as HAProxy is.
  const isProxied = left.some(({ kind, name }) => kind === "Deployment" && name === objectNames.proxy);
  const keys = isProxied ? [{ kind: "Secret", name: objectNames.proxyKeys }] : [];
  return [...left, ...keys].map(({ kind, name }) =>
    kind === "Namespace" ? `Namespace ${name}` : `${kind} ${namespace}/${name}`,
  );
}

async function lastState(
  tx: Tx,
  key: SealingKey,
  id: string,
): Promise<{ type: string; name: string }[] | null> {
  const row = await tx.stackExport.findFirst({
    where: { operation: { deploymentId: id } },
    orderBy: { takenAt: "desc" },
  });
  if (!row) return null;
  try {
    const state = JSON.parse(unseal(key, id, row.sealed)) as { deployment?: { resources?: StateResource[] } };
    return (state.deployment?.resources ?? [])
      .filter(({ type }) => isPlannedType(type))
      .map(({ type, urn, inputs }) => ({
        type,
        name: inputs?.metadata?.name ?? urn.split("::").at(-1) ?? "",
      }));
  } catch (error) {
    // Sealed with another key: what the operations made is known all the same.
    if (error instanceof UnsealError) return null;
    throw error;
  }
}
