import { isDeepStrictEqual } from "node:util";
import { pruneArchives } from "#lib/archives/prune-archives.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { publish } from "#lib/changes/publish.ts";
import type { SealingContext } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import { expiryOf } from "#lib/deployments/create.ts";
import { findDeploymentId } from "#lib/deployments/find.ts";
import { getDeployment } from "#lib/deployments/get.ts";
import { lockedWithSpec, refuseIfLeaving } from "#lib/deployments/locked.ts";
import { normalizeDeployment } from "#lib/deployments/normalize-spec.ts";
import { patchedInput, withoutRevision, withTimeToLive } from "#lib/deployments/patch-spec.ts";
import { portsDiffer, refusePortConflict } from "#lib/deployments/port-conflict.ts";
import { pruneSecrets } from "#lib/deployments/prune-secrets.ts";
import { sealSpec } from "#lib/deployments/seal-spec.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { standingOf } from "#lib/deployments/standing.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { SluiceError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { enqueue } from "#lib/operations/enqueue.ts";
import { placeOfDeployment } from "#lib/targets/load-places.ts";
import { placeWith, type Place } from "#lib/targets/place.ts";
import type { Deployment } from "#prisma/generated/client.ts";

/**
 * Changes a deployment: a new revision, and an operation that waits for whatever runs now. Another time to
 * live alone needs no operation; giving one counts it from now. What is the same already changes nothing.
 *
 * @param given the fields of `changeInput` that change
 * @throws SluiceError `not_found`, `invalid` with its fields, or `conflict` where it is being torn down, or was changed
 * since the revision that the change was made from
 */
export async function updateDeployment(
  ctx: SealingContext,
  idOrName: string,
  given: unknown,
): Promise<DeploymentView> {
  const id = await findDeploymentId(ctx, idOrName);
  const { target, targetId } = await ctx.db.deployment.findUniqueOrThrow({ where: { id } });
  // Where it is never changes, so it can be read before the lock is held.
  const place = await placeOfDeployment(ctx, { target, targetId });
  await ctx.db.$transaction((tx) => change(tx, ctx, { id, place }, given));
  return getDeployment(ctx, id);
}

async function change(
  tx: Tx,
  ctx: SealingContext,
  { id, place }: { id: string; place: Place },
  given: unknown,
): Promise<void> {
  const now = ctx.clock.now();
  const { from, patch } = withoutRevision(given);
  const { row, revision, spec: before } = await lockedWithSpec(tx, id);
  await refuseIfLeaving(tx, row);
  if (from !== null && from !== revision) throw changedMeanwhile(from, revision);
  const spec = withTimeToLive(before, patch) ?? (await patched(tx, ctx, { row, place, before }, patch));
  const renewed = givesTimeToLive(patch);
  const serves = !isDeepStrictEqual({ ...spec, ttlMinutes: null }, { ...before, ttlMinutes: null });
  if (!serves && !renewed) return;
  if (portsDiffer(spec.endpoint, before.endpoint)) await refusePortConflict(tx, spec.endpoint, id);
  const number = (await tx.revision.count({ where: { deploymentId: id } })) + 1;
  const revisionId = newId("rev");
  const createdById = ctx.actor.type === "user" ? ctx.actor.id : null;
  await tx.revision.create({
    data: { id: revisionId, deploymentId: id, number, spec, createdById, createdAt: now },
  });
  await tx.deployment.update({
    where: { id },
    data: { revisionId, ...(renewed ? { expiresAt: expiryOf(spec, now) } : {}) },
  });
  await recordAudit(
    tx,
    ctx.actor,
    "deployment.update",
    id,
    { revision: number, fields: Object.keys(patch as object) },
    now,
  );
  if (serves) await enqueue(tx, { deploymentId: id, revisionId, kind: "update", actor: ctx.actor, now });
  await pruneSecrets(tx, id);
  await pruneArchives(tx, id);
  await publish(tx, { topic: "deployment", deploymentId: id });
}

async function patched(
  tx: Tx,
  ctx: SealingContext,
  { row, place, before }: { row: Deployment; place: Place; before: Spec },
  patch: unknown,
): Promise<Spec> {
  const input = patchedInput({ name: row.name, target: place.name }, before, patch);
  const standing = await standingOf(tx, row, before);
  const wanted = normalizeDeployment(input, [placeWith(place, before)], standing);
  return sealSpec(tx, ctx, row.id, wanted, before);
}

/** What is sent may hold whole lists: of somebody else's change in one of them it knows nothing. */
function changedMeanwhile(from: number, revision: number): SluiceError {
  return new SluiceError(
    "conflict",
    `It was changed meanwhile: it is at revision ${revision}, and this change was made from revision ${from}. Look at what it is now, then change it.`,
  );
}

function givesTimeToLive(patch: unknown): boolean {
  return (
    typeof patch === "object" && patch !== null && "ttlMinutes" in patch && patch.ttlMinutes !== undefined
  );
}
