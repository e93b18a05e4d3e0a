import type { Db } from "#lib/db.ts";
import { readSpec, toDeploymentView } from "#lib/deployments/to-view.ts";
import type { DeploymentView, OperationView } from "#lib/deployments/view.ts";
import { namesOf, operationInclude, toOperationView } from "#lib/operations/operation-view.ts";
import { traffic } from "#lib/traffic/read.ts";

/** The views of these deployments in this order, by a fixed number of queries however many there are. */
export async function loadViews(db: Db, ids: string[], now: Date): Promise<DeploymentView[]> {
  if (ids.length === 0) return [];
  const [rows, revisions, operations, figures] = await Promise.all([
    db.deployment.findMany({
      where: { id: { in: ids } },
      include: { owner: { select: { id: true, name: true } }, cluster: { select: { name: true } } },
    }),
    newestRevisions(db, ids),
    latestOperations(db, ids),
    traffic(db, ids, now),
  ]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    const revision = revisions.get(id);
    const operation = operations.get(id);
    const measured = figures.get(id);
    if (!row || !revision || !operation || !measured) return [];
    return toDeploymentView({
      row,
      cluster: row.cluster?.name ?? null,
      owner: row.owner,
      spec: readSpec(revision.spec),
      revision: revision.number,
      operation,
      traffic: measured,
    });
  });
}

async function newestRevisions(db: Db, ids: string[]) {
  const rows = await db.$queryRaw<{ deployment_id: string; number: number; spec: unknown }[]>`
    select d.id as deployment_id, r.number, r.spec
    from deployment d join revision r on r.id = d.revision_id
    where d.id = any(${ids})`;
  return new Map(rows.map((row) => [row.deployment_id, row]));
}

async function latestOperations(db: Db, ids: string[]): Promise<Map<string, OperationView>> {
  const latest = await db.$queryRaw<{ id: string }[]>`
    select distinct on (deployment_id) id from operation
    where deployment_id = any(${ids}) order by deployment_id, queued_at desc, id desc`;
  const rows = await db.operation.findMany({
    where: { id: { in: latest.map((row) => row.id) } },
    include: operationInclude,
  });
  const names = await namesOf(db, rows);
  return new Map(rows.map((row) => [row.deploymentId, toOperationView(row, names)]));
}
