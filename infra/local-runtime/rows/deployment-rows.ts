import type { Db } from "#lib/db.ts";
import { publish } from "#lib/changes/publish.ts";
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
 * which has the say then. A deployment that isn't in the database is left alone.
 */
export async function writeDeployment(db: Db, snapshot: DeploymentSnapshot, now: Date): Promise<void> {
  const { id, replicas, desired, ready, shortage } = snapshot;
  const column = <K extends keyof (typeof replicas)[number]>(name: K) =>
    replicas.map((replica) => replica[name]);
  await db.$transaction(async (tx) => {
    const known = await tx.$executeRaw`
      update deployment set replicas_desired = ${desired}, replicas_ready = ${ready} where id = ${id}`;
    if (known === 0) return;
    await tx.$executeRaw`delete from replica where deployment_id = ${id} and id <> all(${column("id")})`;
    await tx.$executeRaw`
      insert into replica (id, deployment_id, variant, ordinal, state, pid, restarts, in_flight, started_at, message, updated_at)
      select r.id, ${id}, r.variant, r.ordinal, r.state, r.pid, r.restarts, r.in_flight, r.started_at, r.message, ${now}
      from unnest(${column("id")}::text[], ${column("variant")}::text[], ${column("ordinal")}::int[],
        ${column("state")}::text[], ${column("pid")}::int[], ${column("restarts")}::int[],
        ${column("inFlight")}::int[], ${column("startedAt")}::timestamptz[], ${column("message")}::text[])
        as r(id, variant, ordinal, state, pid, restarts, in_flight, started_at, message)
      on conflict (id) do update set state = excluded.state, pid = excluded.pid, restarts = excluded.restarts,
        in_flight = excluded.in_flight, started_at = excluded.started_at, message = excluded.message,
        updated_at = excluded.updated_at`;
    const [from, to] = shortage === null ? ["degraded", "ready"] : ["ready", "degraded"];
    await tx.$executeRaw`
      update deployment set status = ${to}, status_message = ${shortage}, updated_at = ${now}
      where id = ${id} and status = ${from}
        and not exists (select 1 from operation o where o.deployment_id = ${id} and o.status = 'running')`;
    await publish(tx, { topic: "deployment", deploymentId: id });
  });
}
