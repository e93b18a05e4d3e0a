import type { Db } from "#lib/db.ts";
import { changeChannel, type Change } from "#lib/changes/publish.ts";
import type { ReplicaState } from "#lib/replicas/list.ts";

/** What pages show of a deployment's replicas now. */
export type DeploymentSnapshot = {
  id: string;
  desired: number;
  ready: number;
  /** why it doesn't serve as it should; `null` if it does */
  shortage: string | null;
  replicas: {
    id: string;
    variant: string;
    ordinal: number;
    state: ReplicaState;
    pid: number | null;
    restarts: number;
    inFlight: number;
    startedAt: Date | null;
    message: string | null;
  }[];
};

/**
 * Writes one deployment's replicas, and `ready` ⇄ `degraded`: only from these two and while no operation runs,
 * which has the say then. A deployment that isn't in the database is left alone. All in one statement: under load
 * this runs each second.
 */
export async function writeDeployment(db: Db, snapshot: DeploymentSnapshot, now: Date): Promise<void> {
  const { id, replicas, desired, ready, shortage } = snapshot;
  const column = <K extends keyof (typeof replicas)[number]>(name: K) =>
    replicas.map((replica) => replica[name]);
  const [from, to] = shortage === null ? ["degraded", "ready"] : ["ready", "degraded"];
  const change: Change = { topic: "deployment", deploymentId: id };
  await db.$executeRaw`
    with seen as (
      select d.id, not exists (
        select 1 from operation o where o.deployment_id = d.id and o.status = 'running') as idle
      from deployment d where d.id = ${id}
    ), known as (
      update deployment d set replicas_desired = ${desired}, replicas_ready = ${ready},
        status = case when seen.idle and d.status = ${from} then ${to} else d.status end,
        status_message = case when seen.idle and d.status = ${from} then ${shortage} else d.status_message end,
        updated_at = case when seen.idle and d.status = ${from} then ${now}::timestamptz else d.updated_at end
      from seen where d.id = seen.id returning d.id
    ), gone as (
      delete from replica r using known where r.deployment_id = known.id and r.id <> all(${column("id")}::text[])
    ), there as (
      insert into replica (id, deployment_id, variant, ordinal, state, pid, restarts, in_flight, started_at, message, updated_at)
      select r.id, known.id, r.variant, r.ordinal, r.state, r.pid, r.restarts, r.in_flight, r.started_at, r.message, ${now}
      from known, unnest(${column("id")}::text[], ${column("variant")}::text[], ${column("ordinal")}::int[],
        ${column("state")}::text[], ${column("pid")}::int[], ${column("restarts")}::int[],
        ${column("inFlight")}::int[], ${column("startedAt")}::timestamptz[], ${column("message")}::text[])
        as r(id, variant, ordinal, state, pid, restarts, in_flight, started_at, message)
      on conflict (id) do update set state = excluded.state, pid = excluded.pid, restarts = excluded.restarts,
        in_flight = excluded.in_flight, started_at = excluded.started_at, message = excluded.message,
        updated_at = excluded.updated_at
    )
    select pg_notify(${changeChannel}, ${JSON.stringify(change)}) from known`;
}
