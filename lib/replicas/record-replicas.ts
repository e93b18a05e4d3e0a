import { changeChannel, type Change } from "#lib/changes/publish.ts";
import type { Db } from "#lib/db.ts";
import { joinLastFailure } from "#lib/operations/last-failure.ts";
import type { ReplicaState } from "#lib/replicas/list.ts";
import type { Shortage } from "#lib/replicas/shortage.ts";
import { Prisma } from "#prisma/generated/client.ts";

export type RecordedReplica = {
  id: string;
  variant: string;
  ordinal: number;
  state: ReplicaState;
  /** of a process on this machine */
  pid: number | null;
  /** of a pod of a cluster */
  pod: string | null;
  podUid: string | null;
  node: string | null;
  restarts: number;
  /** null where it can't be seen */
  inFlight: number | null;
  startedAt: Date | null;
  message: string | null;
};

/** What pages show of a deployment's replicas now. */
export type DeploymentSnapshot = {
  id: string;
  desired: number;
  ready: number;
  /** why it doesn't serve as it should; `null` if its replicas do, and an operation that failed has the word */
  shortage: Shortage | null;
  replicas: RecordedReplica[];
};

/** No operation began since it was read: each raises the fence. */
const turnsStill = Prisma.sql`seen.turns and d.fence = seen.fence and d.status in ('ready', 'degraded')`;

/**
 * Writes one deployment's replicas, and `ready` ⇄ `degraded`: only from these two and while no operation runs,
 * which has the say then. Without a shortage it is `degraded` as long as the last operation on it didn't succeed. A
 * deployment that isn't in the database is left alone. A pod's place in its log stays for as long as the replica is
 * that pod. All in one statement: under load this runs each second. It may wait for a row that an operation's begin holds, and
 * then goes on with what it read before: so the row that it writes to is asked again.
 */
export async function recordReplicas(db: Db, snapshot: DeploymentSnapshot, now: Date): Promise<void> {
  const { id, replicas, desired, ready, shortage } = snapshot;
  const column = <K extends keyof RecordedReplica>(name: K) => replicas.map((replica) => replica[name]);
  const message = shortage?.message ?? null;
  const change: Change = { topic: "deployment", deploymentId: id };
  await db.$executeRaw`
    with told as (
      select d.id, d.fence,
        case when ${message}::text is null and failure.message is null then 'ready' else 'degraded' end as status,
        case when ${message}::text is null then failure.code else ${shortage?.code ?? null} end as code,
        coalesce(${message}, failure.message) as message
      from deployment d ${joinLastFailure} where d.id = ${id}
    ), seen as (
      select told.*, d.status in ('ready', 'degraded') and not exists (
          select 1 from operation o where o.deployment_id = d.id and o.status = 'running')
        and (d.status, d.status_code, d.status_message) is distinct from
          (told.status, told.code, told.message) as turns
      from told join deployment d using (id)
    ), known as (
      update deployment d set replicas_desired = ${desired}, replicas_ready = ${ready},
        status = case when ${turnsStill} then seen.status else d.status end,
        status_code = case when ${turnsStill} then seen.code else d.status_code end,
        status_message = case when ${turnsStill} then seen.message else d.status_message end,
        updated_at = case when ${turnsStill} then ${now}::timestamptz else d.updated_at end
      from seen where d.id = seen.id returning d.id
    ), gone as (
      delete from replica r using known where r.deployment_id = known.id and r.id <> all(${column("id")}::text[])
    ), there as (
      insert into replica (id, deployment_id, variant, ordinal, state, pid, pod, pod_uid, node, restarts, in_flight,
        started_at, message, updated_at)
      select r.id, known.id, r.variant, r.ordinal, r.state, r.pid, r.pod, r.pod_uid, r.node, r.restarts, r.in_flight,
        r.started_at, r.message, ${now}
      from known, unnest(${column("id")}::text[], ${column("variant")}::text[], ${column("ordinal")}::int[],
        ${column("state")}::text[], ${column("pid")}::int[], ${column("pod")}::text[], ${column("podUid")}::text[],
        ${column("node")}::text[], ${column("restarts")}::int[], ${column("inFlight")}::int[],
        ${column("startedAt")}::timestamptz[], ${column("message")}::text[])
        as r(id, variant, ordinal, state, pid, pod, pod_uid, node, restarts, in_flight, started_at, message)
      on conflict (id) do update set state = excluded.state, pid = excluded.pid, pod = excluded.pod,
        node = excluded.node, restarts = excluded.restarts, in_flight = excluded.in_flight,
        started_at = excluded.started_at, message = excluded.message, updated_at = excluded.updated_at,
        log_read_to = case when replica.pod_uid = excluded.pod_uid then replica.log_read_to end,
        pod_uid = excluded.pod_uid
    )
    select pg_notify(${changeChannel}, ${JSON.stringify(change)}) from known`;
}
