import type { Db } from "#lib/db.ts";
import { Prisma } from "#prisma/generated/client.ts";
import type { RequestToStore, SampleCounts } from "#infra/local-runtime/rows/count-requests.ts";

/** Where the next line of each request log begins. `offset: null`: the file is to be emptied first. */
export type LogPosition = { inode: number; offset: number | null };
export type LogPositions = Partial<Record<3 | 4, LogPosition>>;

export type Counted = { samples: SampleCounts[]; requests: RequestToStore[] };

const setting = "runtime.request_log";

export async function readPositions(db: Db): Promise<LogPositions> {
  const row = await db.setting.findUnique({ where: { name: setting } });
  return row ? (JSON.parse(row.value) as LogPositions) : {};
}

export async function writePositions(db: Db, positions: LogPositions): Promise<void> {
  const value = JSON.stringify(positions);
  await db.setting.upsert({ where: { name: setting }, create: { name: setting, value }, update: { value } });
}

/**
 * Stores counts, requests and how far the log was read in one statement, all or nothing: so that whatever dies in
 * between, each request is counted once. What belongs to no deployment in the database is dropped.
 */
export async function writeRequests(db: Db, counted: Counted, positions: LogPositions): Promise<void> {
  const { samples: s, requests: r } = counted;
  await db.$executeRaw`
    with samples as (
      insert into metric_sample (deployment_id, variant, at, requests, errors, server_errors,
        latency_p50_ms, latency_p95_ms)
      select s.deployment_id, s.variant, s.at, s.requests, s.errors, s.server_errors, s.p50, s.p95
      from unnest(${s.map((x) => x.deploymentId)}::text[], ${s.map((x) => x.variant)}::text[],
        ${s.map((x) => x.at)}::timestamptz[], ${s.map((x) => x.requests)}::int[],
        ${s.map((x) => x.errors)}::int[], ${s.map((x) => x.serverErrors)}::int[],
        ${s.map((x) => x.p50)}::float8[], ${s.map((x) => x.p95)}::float8[])
        as s(deployment_id, variant, at, requests, errors, server_errors, p50, p95)
      join deployment d on d.id = s.deployment_id
      on conflict (deployment_id, variant, at) do update set
        requests = metric_sample.requests + excluded.requests,
        errors = metric_sample.errors + excluded.errors,
        server_errors = metric_sample.server_errors + excluded.server_errors,
        latency_p50_ms = coalesce(excluded.latency_p50_ms, metric_sample.latency_p50_ms),
        latency_p95_ms = coalesce(excluded.latency_p95_ms, metric_sample.latency_p95_ms)
    ), requests as (
      insert into request_row (id, deployment_id, at, method, path, status, variant, replica_id,
        queue_ms, connect_ms, response_ms, total_ms, bytes_out)
      select r.id, r.deployment_id, r.at, r.method, r.path, r.status, r.variant, r.replica_id,
        r.queue_ms, r.connect_ms, r.response_ms, r.total_ms, r.bytes_out
      from unnest(${r.map((x) => x.id)}::text[], ${r.map((x) => x.deploymentId)}::text[],
        ${r.map((x) => x.at)}::timestamptz[], ${r.map((x) => x.method)}::text[], ${r.map((x) => x.path)}::text[],
        ${r.map((x) => x.status)}::int[], ${r.map((x) => x.variant)}::text[], ${r.map((x) => x.replicaId)}::text[],
        ${r.map((x) => x.queueMs)}::float8[], ${r.map((x) => x.connectMs)}::float8[],
        ${r.map((x) => x.responseMs)}::float8[], ${r.map((x) => x.totalMs)}::float8[],
        ${r.map((x) => x.bytesOut)}::int[])
        as r(id, deployment_id, at, method, path, status, variant, replica_id,
          queue_ms, connect_ms, response_ms, total_ms, bytes_out)
      join deployment d on d.id = r.deployment_id
      on conflict (id) do nothing
    )
    insert into setting (name, value) values (${setting}, ${JSON.stringify(positions)})
    on conflict (name) do update set value = excluded.value`;
}

/** Whether the database is there and refuses a value as such (class 22 of its error codes): no retry helps. */
export function isRefusedData(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  const adapterError = error.meta?.driverAdapterError as { cause?: { originalCode?: string } } | undefined;
  return adapterError?.cause?.originalCode?.startsWith("22") ?? false;
}
