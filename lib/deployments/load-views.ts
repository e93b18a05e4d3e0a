import type { Db } from "#lib/db.ts";
import { readSpec, toDeploymentView, type DeploymentRow } from "#lib/deployments/to-view.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { newestOperationId } from "#lib/operations/newest.ts";
import { toOperationView, type OperationRow } from "#lib/operations/operation-view.ts";
import { traffic } from "#lib/traffic/read.ts";
import { Prisma } from "#prisma/generated/client.ts";

/** The views of these deployments in this order, by a fixed number of queries however many there are. */
export async function loadViews(db: Db, ids: string[], now: Date): Promise<DeploymentView[]> {
  if (ids.length === 0) return [];
  const [rows, figures] = await Promise.all([readRows(db, ids), traffic(db, ids, now)]);
  return rows.map((row) => {
    const { id, ownerId, ownerName, cluster, spec, revision, asker } = row;
    const names = new Map(row.actorId !== null && asker !== null ? [[row.actorId, asker]] : []);
    const operation = {
      ...row,
      id: row.operationId,
      deploymentId: id,
      status: row.operationStatus,
      revision: { number: row.operationRevision },
    };
    return toDeploymentView({
      row,
      cluster,
      owner: { id: ownerId, name: ownerName },
      spec: readSpec(spec),
      revision,
      operation: toOperationView(operation, names),
      traffic: figures.get(id)!,
    });
  });
}

type Row = DeploymentRow &
  Omit<OperationRow, "id" | "deploymentId" | "status" | "revision"> & {
    ownerId: string;
    ownerName: string;
    cluster: string | null;
    spec: unknown;
    revision: number;
    operationId: string;
    operationStatus: string;
    operationRevision: number;
    /** the name of the person who asked for the operation */
    asker: string | null;
  };

/**
 * One statement, so that it sees one moment: read one after the other, a deployment could be ready while its operation
 * runs. The newest revision asked for and the newest operation's aren't always the same.
 */
function readRows(db: Db, ids: string[]): Promise<Row[]> {
  return db.$queryRaw<Row[]>`
    select d.id, d.name, d.status, d.status_code as "statusCode", d.status_message as "statusMessage", d.endpoint,
      d.domain_state as "domainState", d.measured,
      d.replicas_desired as "replicasDesired", d.replicas_ready as "replicasReady", d.receipt,
      d.created_at as "createdAt", d.ready_at as "readyAt", d.expires_at as "expiresAt",
      d.destroyed_at as "destroyedAt",
      d.owner_id as "ownerId", (select name from "user" where id = d.owner_id) as "ownerName",
      (select name from target where id = d.target_id) as cluster, r.spec, r.number as revision,
      o.id as "operationId", o.kind, o.status as "operationStatus", o.attempt, o.error_code as "errorCode",
      o.error_message as "errorMessage", o.cancel_requested_at as "cancelRequestedAt", o.plan,
      o.last_seq as "lastSeq", o.actor_type as "actorType", o.actor_id as "actorId", o.queued_at as "queuedAt",
      o.started_at as "startedAt", o.finished_at as "finishedAt",
      (select number from revision where id = o.revision_id) as "operationRevision",
      (select name from "user" where o.actor_type = 'user' and id = o.actor_id) as asker
    from deployment d join revision r on r.id = d.revision_id
      join operation o on o.id = ${newestOperationId(Prisma.sql`d.id`)}
    where d.id = any(${ids}::text[]) order by array_position(${ids}::text[], d.id)`;
}
