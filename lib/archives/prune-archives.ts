import type { Clock } from "#lib/clock.ts";
import type { Db, Tx } from "#lib/db.ts";
import { neededRevisions } from "#lib/deployments/needed-revisions.ts";

/** Deletes a deployment's archives that no needed revision names: nothing can need them any more. */
export async function pruneArchives(tx: Tx, deploymentId: string): Promise<void> {
  await tx.$executeRaw`
    delete from archive a where a.deployment_id = ${deploymentId} and a.id not in (
      select r.spec #>> '{google,staticContent,archive}'
      from revision r
      where r.spec #>> '{google,staticContent,archive}' is not null and ${neededRevisions(deploymentId)})`;
}

const keptForMs = 24 * 3_600_000;

/** Deletes what was uploaded a day ago or earlier and belongs to no deployment. @returns how many */
export async function removeUnusedArchives({ db, clock }: { db: Db; clock: Clock }): Promise<number> {
  const before = new Date(clock.now().getTime() - keptForMs);
  const { count } = await db.archive.deleteMany({
    where: { deploymentId: null, createdAt: { lte: before } },
  });
  return count;
}
