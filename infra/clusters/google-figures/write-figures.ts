import type { SampleCounts } from "#infra/traffic/count-requests.ts";
import { changeChannel, type Change } from "#lib/changes/publish.ts";
import type { Db } from "#lib/db.ts";
import type { Measured } from "#lib/traffic/measured.ts";
import type { RequestRow } from "#prisma/generated/client.ts";

/**
 * Stores what Google told, in one statement. A minute that was read before is written again as it is now: so nothing is
 * counted twice, whoever reads it.
 */
export async function writeFigures(
  db: Db,
  deploymentId: string,
  told: { samples: SampleCounts[]; requests: RequestRow[]; measured: Measured },
): Promise<void> {
  const { samples, requests, measured } = told;
  const change: Change = { topic: "deployment", deploymentId };
  await db.$executeRaw`
    with owner as (
      update deployment set measured = ${JSON.stringify(measured)}::jsonb
      where id = ${deploymentId} and status <> 'destroyed' returning id
    ), samples as (
      insert into metric_sample (deployment_id, variant, at, requests, errors, server_errors,
        latency_p50_ms, latency_p95_ms, replicas_ready)
      select owner.id, s.variant, s.at, s.requests, s.errors, s."serverErrors", s.p50, s.p95,
        coalesce((select m.replicas_ready from metric_sample m where m.deployment_id = owner.id
          and m.variant = s.variant and m.at <= s.at order by m.at desc limit 1), 0)
      from owner, jsonb_to_recordset(${JSON.stringify(samples)}::jsonb) as s(variant text, at timestamptz,
        requests int, errors int, "serverErrors" int, p50 float8, p95 float8)
      on conflict (deployment_id, variant, at) do update set requests = excluded.requests,
        errors = excluded.errors, server_errors = excluded.server_errors,
        latency_p50_ms = excluded.latency_p50_ms, latency_p95_ms = excluded.latency_p95_ms
    ), requests as (
      insert into request_row (id, deployment_id, at, method, path, status, variant, replica_id,
        queue_ms, connect_ms, response_ms, total_ms, bytes_out)
      select r.id, owner.id, r.at, r.method, r.path, r.status, r.variant, null,
        r."queueMs", r."connectMs", r."responseMs", r."totalMs", r."bytesOut"
      from owner, jsonb_to_recordset(${JSON.stringify(requests)}::jsonb) as r(id text, at timestamptz,
        method text, path text, status int, variant text, "queueMs" float8, "connectMs" float8,
        "responseMs" float8, "totalMs" float8, "bytesOut" int)
      on conflict (id) do nothing
    )
    select pg_notify(${changeChannel}, ${JSON.stringify(change)}) from owner`;
}
