import { recordAudit } from "#lib/audit/record.ts";
import { requireUser } from "#lib/auth/require-user.ts";
import { hashToken, newToken, visiblePrefix } from "#lib/auth/token.ts";
import { publish } from "#lib/changes/publish.ts";
import type { SealingContext } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import { getDeployment } from "#lib/deployments/get.ts";
import { nameTaken } from "#lib/deployments/name-taken.ts";
import { normalizeDeployment, type NormalizedDeployment } from "#lib/deployments/normalize-spec.ts";
import { refusePortConflict } from "#lib/deployments/port-conflict.ts";
import { sealSpec } from "#lib/deployments/seal-spec.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { SluiceError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { enqueue } from "#lib/operations/enqueue.ts";
import { invalid } from "#lib/parse-input.ts";
import { seal } from "#lib/secrets/seal.ts";
import { lockTarget } from "#lib/targets/find-target.ts";
import { loadPlaces } from "#lib/targets/load-places.ts";
import { Prisma } from "#prisma/generated/client.ts";

/**
 * Makes a deployment and queues its first operation, in one transaction.
 *
 * @param input `deploymentInput` as it was sent
 * @throws SluiceError `invalid` with its fields, or `name_taken`
 */
export async function createDeployment(ctx: SealingContext, input: unknown): Promise<DeploymentView> {
  const owner = requireUser(ctx.actor);
  const wanted = normalizeDeployment(input, await loadPlaces(ctx));
  const id = newId("dep");
  try {
    await ctx.db.$transaction((tx) => insert(tx, ctx, id, owner.id, wanted));
  } catch (error) {
    if (isNameTaken(error)) {
      const message = nameTaken(wanted.name);
      throw new SluiceError("name_taken", message, { fields: [{ field: "name", message }] });
    }
    throw error;
  }
  return getDeployment(ctx, id);
}

async function insert(
  tx: Tx,
  ctx: SealingContext,
  id: string,
  ownerId: string,
  wanted: NormalizedDeployment,
) {
  const now = ctx.clock.now();
  const { name, place, draft } = wanted;
  const revisionId = newId("rev");
  const probeKey = newToken("slp");
  // Whoever removes the cluster at this moment waits, and then finds that it is used.
  if (place.targetId !== null) await lockPlace(tx, place.targetId, place.name);
  await tx.deployment.create({
    data: {
      id,
      name,
      ownerId,
      target: place.kind,
      targetId: place.targetId,
      status: "queued",
      revisionId,
      replicasDesired: leastReplicas(draft),
      probeKey: seal(ctx.sealingKey, id, probeKey),
      createdAt: now,
      expiresAt: expiryOf(draft, now),
    },
  });
  await refusePortConflict(tx, draft.endpoint, id);
  await tx.endpointKey.create({
    data: {
      id: newId("key"),
      deploymentId: id,
      name: "portal",
      purpose: "probe",
      prefix: visiblePrefix(probeKey),
      hash: hashToken(probeKey),
      createdAt: now,
    },
  });
  const spec = await sealSpec(tx, ctx, id, wanted);
  await tx.revision.create({
    data: { id: revisionId, deploymentId: id, number: 1, spec, createdById: ownerId, createdAt: now },
  });
  await recordAudit(tx, ctx.actor, "deployment.create", id, { name, target: place.name }, now);
  await enqueue(tx, { deploymentId: id, revisionId, kind: "deploy", actor: ctx.actor, now });
  await publish(tx, { topic: "deployment", deploymentId: id });
}

/** @throws SluiceError `invalid` at `target` where the cluster was removed since its name was read */
async function lockPlace(tx: Tx, targetId: string, name: string): Promise<void> {
  try {
    await lockTarget(tx, targetId);
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== "not_found") throw error;
    throw invalid([{ field: "target", message: `${name} was removed just now. Choose another target.` }]);
  }
}

/** The replicas that a spec wants when nothing is asked of it. */
export function leastReplicas(spec: Pick<Spec, "variants">): number {
  return spec.variants.reduce((sum, variant) => sum + variant.scaling.minReplicas, 0);
}

/** When its time to live ends, counted from `from`. */
export function expiryOf(spec: Pick<Spec, "ttlMinutes">, from: Date): Date | null {
  return spec.ttlMinutes === null ? null : new Date(from.getTime() + spec.ttlMinutes * 60_000);
}

/** Of what a new deployment writes, only its name can be there already: all else is random. */
function isNameTaken(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}
