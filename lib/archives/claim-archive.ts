import type { Tx } from "#lib/db.ts";
import type { FieldError } from "#lib/errors.ts";
import { invalid } from "#lib/parse-input.ts";

type Claim = { id: string; ownerId: string; deploymentId: string };

/**
 * Makes an archive a deployment's: one that this person uploaded and that is no other deployment's, or one that it has
 * already. From then on it stays as long as the deployment may need it.
 *
 * @param claim.ownerId who gives it, not whose the deployment is
 * @throws SluiceError `invalid` at `google.staticContent.archive`
 */
export async function claimArchive(tx: Tx, { id, ownerId, deploymentId }: Claim): Promise<void> {
  const { count } = await tx.archive.updateMany({
    where: { id, ...claimable(ownerId, deploymentId) },
    data: { deploymentId },
  });
  if (count === 0) throw invalid([unclaimable]);
}

/**
 * What `claimArchive` would refuse now: for a preview, which changes nothing.
 *
 * @param claim.deploymentId of a new deployment, which has no archive yet, any
 */
export async function claimProblems(
  db: Pick<Tx, "archive">,
  { id, ownerId, deploymentId }: Claim,
): Promise<FieldError[]> {
  const count = await db.archive.count({ where: { id, ...claimable(ownerId, deploymentId) } });
  return count === 0 ? [unclaimable] : [];
}

function claimable(ownerId: string, deploymentId: string) {
  return { OR: [{ ownerId, deploymentId: null }, { deploymentId }] };
}

const unclaimable: FieldError = {
  field: "google.staticContent.archive",
  message:
    "There is no such archive, or it isn't yours, or another deployment has it. Upload the files again.",
};
