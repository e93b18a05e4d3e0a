import type { Db } from "#lib/db.ts";
import type { TrafficView } from "#lib/deployments/view.ts";

const stepMs = 10_000;
const steps = 30;

type Sums = { deployment_id: string; requests: number; errors: number; last_minute: number };
type Step = { deployment_id: string; step: number; requests: number };

/** Figures of these deployments from their samples, for any number of them by two queries. */
export async function traffic(db: Db, ids: string[], now: Date): Promise<Map<string, TrafficView>> {
  const before = (ms: number) => new Date(now.getTime() - ms);
  const begin = before(stepMs * steps);
  const [sums, counted] = await Promise.all([
    db.$queryRaw<Sums[]>`
      select deployment_id, sum(requests)::int as requests, sum(errors)::int as errors,
        coalesce(sum(requests) filter (where at > ${before(60_000)}), 0)::int as last_minute
      from metric_sample where deployment_id = any(${ids}) and at > ${before(3_600_000)} and at <= ${now}
      group by deployment_id`,
    db.$queryRaw<Step[]>`
      select deployment_id, floor(extract(epoch from (at - ${begin}::timestamptz)) / 10)::int as step,
        sum(requests)::int as requests
      from metric_sample where deployment_id = any(${ids}) and at >= ${begin} and at < ${now}
      group by 1, 2`,
  ]);
  const bySum = new Map(sums.map((row) => [row.deployment_id, row]));
  return new Map(
    ids.map((id) => {
      const sum = bySum.get(id);
      const sparkline = Array.from({ length: steps }, () => 0);
      for (const row of counted) {
        if (row.deployment_id === id && row.step >= 0 && row.step < steps) sparkline[row.step] = row.requests / 10;
      }
      return [id, toView(sum, sparkline)];
    }),
  );
}

function toView(sum: Sums | undefined, sparkline: number[]): TrafficView {
  return {
    requestsPerSecond: sum ? sum.last_minute / 60 : null,
    errorRate: sum && sum.requests > 0 ? sum.errors / sum.requests : null,
    requests: sum?.requests ?? 0,
    errors: sum?.errors ?? 0,
    sparkline,
  };
}
