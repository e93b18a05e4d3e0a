import { claimArchive, claimProblems } from "#lib/archives/claim-archive.ts";
import { requireUser } from "#lib/auth/require-user.ts";
import type { Context } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { FieldError } from "#lib/errors.ts";

type Named = Pick<Spec, "google">;

/**
 * Makes the archive of static files that a spec names the deployment's, unless the spec before named it.
 *
 * @throws SluiceError `invalid` where this person can't give it
 */
export async function claimArchiveOf(
  tx: Tx,
  { actor }: Pick<Context, "actor">,
  deploymentId: string,
  spec: Named,
  before: Named | null,
): Promise<void> {
  const id = newArchive(spec, before);
  if (id !== null) await claimArchive(tx, { id, ownerId: requireUser(actor).id, deploymentId });
}

/** What `claimArchiveOf` would refuse now. */
export async function archiveProblems(
  { db, actor }: Pick<Context, "db" | "actor">,
  deploymentId: string,
  spec: Named,
  before: Named | null,
): Promise<FieldError[]> {
  const id = newArchive(spec, before);
  return id === null ? [] : claimProblems(db, { id, ownerId: requireUser(actor).id, deploymentId });
}

function newArchive(spec: Named, before: Named | null): string | null {
  const id = spec.google?.staticContent?.archive ?? null;
  return id === (before?.google?.staticContent?.archive ?? null) ? null : id;
}
