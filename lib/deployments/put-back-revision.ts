import { isDeepStrictEqual } from "node:util";
import { pruneArchives } from "#lib/archives/prune-archives.ts";
import type { Actor } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import { pruneSecrets } from "#lib/deployments/prune-secrets.ts";
import { newId } from "#lib/ids.ts";
import { counts } from "#lib/operations/newest.ts";
import type { Prisma } from "#prisma/generated/client.ts";

/**
 * After an operation was cancelled before it began: the deployment is asked for again as the newest operation that counts has
 * it, so that the next change doesn't bring along what was cancelled. Where an operation that was asked for after it
 * still waits, or nothing was begun, what is asked for stays. So does the time to live: it held at once.
 */
export async function putBackRevision(
  tx: Tx,
  by: { actor: Actor; now: Date },
  deploymentId: string,
): Promise<void> {
  const [newest] = await tx.$queryRaw<{ revision_id: string }[]>`
    select o.revision_id from operation o
    where o.deployment_id = ${deploymentId} and o.kind <> 'destroy' and ${counts}
    order by o.queued_at desc limit 1`;
  const deployment = await tx.deployment.findUniqueOrThrow({ where: { id: deploymentId } });
  if (!newest || !deployment.revisionId || newest.revision_id === deployment.revisionId) return;
  const asked = await specOf(tx, deployment.revisionId);
  const spec = { ...(await specOf(tx, newest.revision_id)), ttlMinutes: asked.ttlMinutes };
  if (isDeepStrictEqual(asked, spec)) return;
  const same = await tx.revision.findFirst({
    where: { deploymentId, spec: { equals: spec } },
    orderBy: { number: "desc" },
  });
  const revisionId = same?.id ?? (await addRevision(tx, by, deploymentId, spec));
  await tx.deployment.update({ where: { id: deploymentId }, data: { revisionId } });
  await pruneSecrets(tx, deploymentId);
  await pruneArchives(tx, deploymentId);
}

async function specOf(tx: Tx, revisionId: string): Promise<Prisma.JsonObject> {
  const { spec } = await tx.revision.findUniqueOrThrow({ where: { id: revisionId } });
  return spec as Prisma.JsonObject;
}

async function addRevision(
  tx: Tx,
  { actor, now }: { actor: Actor; now: Date },
  deploymentId: string,
  spec: Prisma.InputJsonObject,
): Promise<string> {
  const id = newId("rev");
  const number = (await tx.revision.count({ where: { deploymentId } })) + 1;
  const createdById = actor.type === "user" ? actor.id : null;
  await tx.revision.create({ data: { id, deploymentId, number, spec, createdById, createdAt: now } });
  return id;
}
