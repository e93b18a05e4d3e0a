import type { Context } from "#lib/context.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { DeploymentStatus } from "#lib/deployments/status.ts";
import { systemClock } from "#lib/clock.ts";
import type { Db } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import type { SealingKey } from "#lib/secrets/seal.ts";
import { registerTarget } from "#lib/targets/register-target.ts";

/**
 * An admin, a cluster, and a deployment there, in a portal's database of a check's own: for checks that run parts of
 * the worker by themselves.
 *
 * @returns who owns it all
 */
export async function makeRows(
  db: Db,
  sealingKey: SealingKey,
  kubeconfig: string,
  { id, status, spec }: { id: string; status: DeploymentStatus; spec: Spec },
): Promise<Context> {
  const ownerId = newId("usr");
  await db.user.create({ data: { id: ownerId, name: "Ada", email: "ada@example.org", role: "admin" } });
  const owner: Context = { db, clock: systemClock, actor: { type: "user", id: ownerId, role: "admin" } };
  await registerTarget({ ...owner, sealingKey }, { name: "cluster", kubeconfig });
  const { id: targetId } = await db.target.findFirstOrThrow();
  const revisionId = newId("rev");
  const of = { id, name: "checked", ownerId, target: "kubernetes", targetId, revisionId };
  await db.deployment.create({ data: { ...of, status } });
  await db.revision.create({ data: { id: revisionId, deploymentId: id, number: 1, spec } });
  await db.operation.create({
    data: {
      id: newId("op"),
      deploymentId: id,
      revisionId,
      kind: "deploy",
      status: "succeeded",
      actorType: "user",
      finishedAt: new Date(),
    },
  });
  return owner;
}
