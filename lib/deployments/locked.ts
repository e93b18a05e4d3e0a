import type { Tx } from "#lib/db.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { statusClass, type DeploymentStatus } from "#lib/deployments/status.ts";
import { readSpec } from "#lib/deployments/to-view.ts";
import { notFound, SluiceError } from "#lib/errors.ts";
import { lockDeployment } from "#lib/operations/lock-deployment.ts";
import type { Deployment } from "#prisma/generated/client.ts";

/** The deployment, held until the transaction ends, with its newest spec. */
export async function lockedWithSpec(
  tx: Tx,
  id: string,
): Promise<{ row: Deployment; revisionId: string; revision: number; spec: Spec }> {
  await lockDeployment(tx, id);
  const row = await tx.deployment.findUnique({ where: { id } });
  const revision = row?.revisionId ? await tx.revision.findUnique({ where: { id: row.revisionId } }) : null;
  if (!row || !revision) throw notFound("deployment");
  return { row, revisionId: revision.id, revision: revision.number, spec: readSpec(revision.spec) };
}

/** @throws SluiceError `conflict` where it was torn down, or will be */
export async function refuseIfLeaving(tx: Tx, row: Deployment): Promise<void> {
  if (statusClass(row.status as DeploymentStatus) === "gone") {
    throw new SluiceError("conflict", `${row.name} was torn down. Make a new deployment instead.`);
  }
  const leaving = await tx.operation.count({
    where: { deploymentId: row.id, kind: "destroy", status: { in: ["queued", "running"] } },
  });
  if (leaving > 0) throw new SluiceError("conflict", `${row.name} is being torn down.`);
}
