import type { Db } from "#lib/db.ts";
import type { TrafficView } from "#lib/deployments/view.ts";

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
  const minuteAgo = new Date(now.getTime() - 60_000);
  const hourAgo = new Date(now.getTime() - 3_600_000);
  const firstStep = new Date(now.getTime() - steps * stepMs);
  const [totals, sparks] = await Promise.all([
    db.$queryRaw<Row[]>`
      select deployment_id, count(*) > 0 as measured,
        coalesce(sum(requests), 0) as hour_requests, coalesce(sum(errors), 0) as hour_errors,
        coalesce(sum(server_errors), 0) as hour_server_errors,
        coalesce(sum(requests) filter (where at > ${minuteAgo}), 0) as minute_requests
      from metric_sample
      where deployment_id = any(${deploymentIds}) and at > ${hourAgo} and at <= ${now}
      group by deployment_id`,
    db.$queryRaw<{ deployment_id: string; at: Date; requests: bigint }[]>`
      select deployment_id, at, sum(requests) as requests from metric_sample
      where deployment_id = any(${deploymentIds}) and at > ${firstStep} and at <= ${now}
      group by deployment_id, at`,
  ]);
  const byId = new Map(totals.map((row) => [row.deployment_id, row]));
  const lines = new Map(deploymentIds.map((id) => [id, Array.from({ length: steps }, () => 0)]));
  for (const row of sparks) {
    const line = lines.get(row.deployment_id);
    const step = Math.min(steps - 1, Math.floor((row.at.getTime() - firstStep.getTime()) / stepMs));
    if (line) line[step] = (line[step] ?? 0) + Number(row.requests) / (stepMs / 1000);
  }
  return new Map(deploymentIds.map((id) => [id, toView(byId.get(id), lines.get(id) ?? [])]));
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
