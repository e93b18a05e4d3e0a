import { recordAudit } from "#lib/audit/record.ts";
import { publish } from "#lib/changes/publish.ts";
import type { Context } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import { findDeploymentId } from "#lib/deployments/find.ts";
import { lockedWithSpec, refuseIfLeaving } from "#lib/deployments/locked.ts";
import type { OperationView } from "#lib/deployments/view.ts";
import { SluiceError } from "#lib/errors.ts";
import { requestJob } from "#lib/jobs/request-job.ts";
import { enqueue } from "#lib/operations/enqueue.ts";
import { getOperation } from "#lib/operations/get-operation.ts";
import { newestOperation } from "#lib/operations/newest.ts";
import { readDrift, type Drift } from "#lib/targets/drift.ts";
import type { Deployment } from "#prisma/generated/client.ts";

/** `checking`: a look is asked for or under way. */
export type DriftView = Drift & { checking: boolean };

/**
 * What of a deployment isn't as it was declared, by the newest look.
 *
 * @returns null where there is nothing to compare: it isn't on a cluster, or is gone
 * @throws SluiceError `not_found`
 */
export async function getDrift(ctx: Context, idOrName: string): Promise<DriftView | null> {
  const id = await findDeploymentId(ctx, idOrName);
  const row = await ctx.db.deployment.findUniqueOrThrow({ where: { id } });
  if (row.targetId === null || row.status === "destroyed") return null;
  const found = readDrift(row.drift) ?? { checkedAt: null, items: [], trouble: null };
  return { ...found, checking: await isChecking(ctx.db, id) };
}

async function isChecking(tx: Tx, id: string): Promise<boolean> {
  const open = await tx.job.count({
    where: { kind: "drift", subjectId: id, status: { in: ["queued", "running"] } },
  });
  return open > 0;
}

/**
 * Asks the worker to look now; the view says `checking` until it has.
 *
 * @throws SluiceError `not_found`, or `conflict` where there is nothing to look at
 */
export async function requestDrift(ctx: Context, idOrName: string): Promise<DriftView | null> {
  const id = await findDeploymentId(ctx, idOrName);
  await ctx.db.$transaction(async (tx) => {
    const { row } = await lockedWithSpec(tx, id);
    await refuseUnlessSettled(tx, row);
    await requestJob(tx, { kind: "drift", subjectId: id, actor: ctx.actor, now: ctx.clock.now() });
    await publish(tx, { topic: "deployment", deploymentId: id });
  });
  return getDrift(ctx, id);
}

/**
 * Puts right what was changed or deleted by hand: an update with the spec that it has, which looks at what is there
 * first (`looksFirst` of the runner's job).
 *
 * @throws SluiceError `not_found`, or `conflict` where nothing is to be put right
 */
export async function repairDeployment(ctx: Context, idOrName: string): Promise<OperationView> {
  const id = await findDeploymentId(ctx, idOrName);
  const operationId = await ctx.db.$transaction(async (tx) => {
    const { row, revisionId } = await lockedWithSpec(tx, id);
    await refuseUnlessSettled(tx, row);
    const items = readDrift(row.drift)?.items ?? [];
    if (items.length === 0) {
      const next = (await isChecking(tx, id))
        ? "It is being compared with the cluster: try again in a moment."
        : "Look again first.";
      throw new SluiceError("conflict", `Nothing is known that isn't as it was declared. ${next}`);
    }
    const now = ctx.clock.now();
    const things = items.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
    await recordAudit(tx, ctx.actor, "deployment.repair", id, { name: row.name, things }, now);
    return enqueue(tx, { deploymentId: id, revisionId, kind: "update", actor: ctx.actor, now });
  });
  return getOperation(ctx, operationId);
}

async function refuseUnlessSettled(tx: Tx, row: Deployment): Promise<void> {
  await refuseIfLeaving(tx, row);
  if (row.targetId === null) {
    throw new SluiceError("conflict", "Only what is on a cluster can be changed by hand.");
  }
  const newest = await newestOperation(tx, row.id);
  if (newest?.status === "succeeded") return;
  const message =
    newest?.status === "queued" || newest?.status === "running"
      ? "An operation is under way. It can be compared once that has ended."
      : "Its last operation didn't succeed. Retry that: it puts right what it finds.";
  throw new SluiceError("conflict", message);
}
