import type { Db } from "#lib/db.ts";
import { Prisma, type RequestRow } from "#prisma/generated/client.ts";
import type { SampleCounts } from "#infra/traffic/count-requests.ts";

export type Counted = { samples: SampleCounts[]; requests: RequestRow[] };

/** How far a log was read: a setting's name and what it says. */
export type Progress = {
  name: string;
  value: string;
  /** what it must have said before; where it says something else, nothing is stored */
  expected?: string | null;
};

/**
 * Stores counts, requests and how far the log was read in one statement, all or nothing: so that whatever dies in
 * between, each request is counted once. What belongs to no deployment in the database is dropped.
 *
 * @returns false if the log isn't where it was expected: another reader was there, or a try whose answer was lost
 */
export async function writeRequests(db: Db, counted: Counted, progress: Progress): Promise<boolean> {
  const { name, value, expected } = progress;
  // As JSON: the client's way with many arrays costs the processor nearly twice as much.
  const moved = await db.$executeRaw`
    with moved as (
      insert into setting (name, value) values (${name}, ${value})
      on conflict (name) do update set value = excluded.value
        where ${expected === undefined} or setting.value = ${expected ?? null}
      returning 1
    ), samples as (
      insert into metric_sample (deployment_id, variant, at, requests, errors, server_errors,
        latency_p50_ms, latency_p95_ms)
      select s."deploymentId", s.variant, s.at, s.requests, s.errors, s."serverErrors", s.p50, s.p95
      from jsonb_to_recordset(${JSON.stringify(counted.samples)}::jsonb) as s("deploymentId" text, variant text,
        at timestamptz, requests int, errors int, "serverErrors" int, p50 float8, p95 float8)
      join deployment d on d.id = s."deploymentId"
      cross join moved
      on conflict (deployment_id, variant, at) do update set
        requests = coalesce(metric_sample.requests, 0) + excluded.requests,
        errors = coalesce(metric_sample.errors, 0) + excluded.errors,
        server_errors = coalesce(metric_sample.server_errors, 0) + excluded.server_errors,
        latency_p50_ms = coalesce(excluded.latency_p50_ms, metric_sample.latency_p50_ms),
        latency_p95_ms = coalesce(excluded.latency_p95_ms, metric_sample.latency_p95_ms)
    ), requests as (
      insert into request_row (id, deployment_id, at, method, path, status, variant, replica_id,
        queue_ms, connect_ms, response_ms, total_ms, bytes_out)
      select r.id, r."deploymentId", r.at, r.method, r.path, r.status, r.variant, r."replicaId",
        r."queueMs", r."connectMs", r."responseMs", r."totalMs", r."bytesOut"
      from jsonb_to_recordset(${JSON.stringify(counted.requests)}::jsonb) as r(id text, "deploymentId" text,
        at timestamptz, method text, path text, status int, variant text, "replicaId" text, "queueMs" float8,
        "connectMs" float8, "responseMs" float8, "totalMs" float8, "bytesOut" int)
      join deployment d on d.id = r."deploymentId"
      cross join moved
      on conflict (id) do nothing
    )
    select 1 from moved`;
  return moved > 0;
}

/** Whether the database is there and refuses a value as such (class 22 of its error codes): no retry helps. */
export function isRefusedData(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  const adapterError = error.meta?.driverAdapterError as { cause?: { originalCode?: string } } | undefined;
  return adapterError?.cause?.originalCode?.startsWith("22") ?? false;
}
