import type { Db } from "#lib/db.ts";
import type { TrafficView } from "#lib/deployments/view.ts";
import { Prisma } from "#prisma/generated/client.ts";

const stepMs = 10_000;
const steps = 30;

type Row = {
  deployment_id: string;
  hour_requests: bigint;
  hour_errors: bigint;
  hour_server_errors: bigint;
  minute_requests: bigint;
  measured: boolean;
};

/**
 * What the dashboard shows of each deployment's traffic, for all of them in two queries. An id without samples
 * has figures of `null`. The caller has made sure that the ids may be seen.
 */
export async function traffic(db: Db, deploymentIds: string[], now: Date): Promise<Map<string, TrafficView>> {
  const hourAgo = new Date(now.getTime() - 3_600_000);
  const [totals, sparks] = await Promise.all([
    db.$queryRaw<Row[]>`
      select deployment_id, count(*) > 0 as measured,
        coalesce(sum(requests), 0) as hour_requests, coalesce(sum(errors), 0) as hour_errors,
        coalesce(sum(server_errors), 0) as hour_server_errors,
        coalesce(sum(requests) filter (where at > newest - interval '1 minute' and at <= newest), 0)
          as minute_requests
      from metric_sample join (${newestOf(deploymentIds, hourAgo, now)}) d using (deployment_id)
      where at > ${hourAgo} and at <= ${now}
      group by deployment_id`,
    db.$queryRaw<{ deployment_id: string; step: number; requests: bigint }[]>`
      select deployment_id, floor(${steps} - extract(epoch from newest - at) * 1000 / ${stepMs})::int as step,
        sum(requests) as requests
      from metric_sample join (${newestOf(deploymentIds, hourAgo, now)}) d using (deployment_id)
      where at > newest - ${(steps * stepMs) / 1000} * interval '1 second' and at <= newest
      group by deployment_id, step`,
  ]);
  const byId = new Map(totals.map((row) => [row.deployment_id, row]));
  const lines = new Map(deploymentIds.map((id) => [id, Array.from({ length: steps }, () => 0)]));
  for (const row of sparks) {
    const line = lines.get(row.deployment_id);
    const step = Math.min(steps - 1, row.step);
    if (line) line[step] = (line[step] ?? 0) + Number(row.requests) / (stepMs / 1000);
  }
  return new Map(deploymentIds.map((id) => [id, toView(byId.get(id), lines.get(id) ?? [])]));
}

/**
 * Of each, when its newest figures are from. Google's come minutes late: until then the samples of replicas have none.
 * Other tables aren't read, so that nobody who holds one keeps this waiting.
 */
function newestOf(deploymentIds: string[], since: Date, now: Date): Prisma.Sql {
  return Prisma.sql`
    select deployment_id, case
      when max(at) filter (where requests is null) > max(at) filter (where requests is not null)
      then max(at) filter (where requests is not null) + interval '5 seconds'
      else ${now}::timestamptz end as newest
    from metric_sample where deployment_id = any(${deploymentIds}) and at > ${since} and at <= ${now}
    group by deployment_id`;
}

function toView(row: Row | undefined, sparkline: number[]): TrafficView {
  if (!row?.measured) {
    return { requestsPerSecond: null, errorRate: null, requests: 0, errors: 0, serverErrors: 0, sparkline };
  }
  const requests = Number(row.hour_requests);
  const errors = Number(row.hour_errors);
  return {
    requestsPerSecond: Number(row.minute_requests) / 60,
    errorRate: requests === 0 ? null : errors / requests,
    requests,
    errors,
    serverErrors: Number(row.hour_server_errors),
    sparkline,
  };
}
