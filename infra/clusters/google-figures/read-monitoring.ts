import * as z from "zod";
import type { GoogleApi } from "#infra/google/api-client.ts";

// What Google's load balancer counts, from cloud.google.com/load-balancing/docs/metrics (read in a stored
// copy): one figure a minute, visible up to 210 seconds after it. The resource https_lb_rule says the URL map and the
// backend service (`backend_target_name`); the metrics say the class of the status, 0 where there was no answer.

/** One minute of one backend. */
export type Minute = {
  backend: string;
  /** its end, in milliseconds since 1970 */
  end: number;
  requests: number;
  /** answers of 400 to 499 */
  callerErrors: number;
  /** answers of 500 and above */
  serverErrors: number;
  p50: number | null;
  p95: number | null;
};

export type Asked = { project: string; urlMap: string; from: Date; to: Date };

type Point = { backend: string; statusClass: number; end: number; value: number };

const backendLabel = "backend_target_name";
const classLabel = "response_code_class";
const page = z.looseObject({
  timeSeries: z
    .array(
      z.looseObject({
        metric: z.looseObject({ labels: z.record(z.string(), z.string()).nullish() }).nullish(),
        resource: z.looseObject({ labels: z.record(z.string(), z.string()).nullish() }).nullish(),
        points: z.array(
          z.looseObject({
            interval: z.looseObject({ endTime: z.string() }),
            value: z.looseObject({ int64Value: z.string().nullish(), doubleValue: z.number().nullish() }),
          }),
        ),
      }),
    )
    .nullish(),
  nextPageToken: z.string().nullish(),
});

/** All minutes with requests that end after `from` and not after `to`. @throws what Google's API throws */
export async function readMonitoring(
  api: Pick<GoogleApi, "request">,
  asked: Asked,
  signal: AbortSignal,
): Promise<Minute[]> {
  const latency = (percentile: 50 | 95) =>
    series(api, asked, "total_latencies", { reducer: `REDUCE_PERCENTILE_${percentile}`, by: [] }, signal);
  const [counts, p50, p95] = await Promise.all([
    series(
      api,
      asked,
      "request_count",
      { reducer: "REDUCE_SUM", by: [`metric.label.${classLabel}`] },
      signal,
    ),
    latency(50),
    latency(95),
  ]);
  const minutes = new Map<string, Minute>();
  const keyOf = ({ backend, end }: Point) => `${backend}/${end}`;
  for (const point of counts) {
    const { backend, end, statusClass, value } = point;
    const minute = minutes.get(keyOf(point)) ?? {
      ...{ backend, end, requests: 0, callerErrors: 0, serverErrors: 0 },
      p50: valueAt(p50, point),
      p95: valueAt(p95, point),
    };
    minute.requests += value;
    if (statusClass === 400) minute.callerErrors += value;
    if (statusClass >= 500) minute.serverErrors += value;
    minutes.set(keyOf(point), minute);
  }
  return [...minutes.values()];
}

function valueAt(points: Point[], { backend, end }: Point): number | null {
  return points.find((point) => point.backend === backend && point.end === end)?.value ?? null;
}

async function series(
  api: Pick<GoogleApi, "request">,
  { project, urlMap, from, to }: Asked,
  metric: string,
  { reducer, by }: { reducer: string; by: string[] },
  signal: AbortSignal,
): Promise<Point[]> {
  const points: Point[] = [];
  for (let pageToken = ""; ;) {
    const answer = await api.request({
      service: "monitoring",
      path: `projects/${project}/timeSeries`,
      query: {
        filter: `metric.type = "loadbalancing.googleapis.com/https/${metric}" AND resource.type = "https_lb_rule" AND resource.labels.url_map_name = "${urlMap}"`,
        "interval.startTime": from.toISOString(),
        "interval.endTime": to.toISOString(),
        "aggregation.alignmentPeriod": "60s",
        "aggregation.perSeriesAligner": "ALIGN_DELTA",
        "aggregation.crossSeriesReducer": reducer,
        "aggregation.groupByFields": [`resource.label.${backendLabel}`, ...by],
        pageSize: "1000",
        ...(pageToken && { pageToken }),
      },
      signal,
    });
    const { timeSeries, nextPageToken } = page.parse(answer);
    for (const one of timeSeries ?? []) points.push(...pointsOf(one));
    if (!nextPageToken) return points;
    pageToken = nextPageToken;
  }
}

function pointsOf({
  metric,
  resource,
  points,
}: NonNullable<z.infer<typeof page>["timeSeries"]>[number]): Point[] {
  const backend = resource?.labels?.[backendLabel] ?? "";
  const statusClass = Number(metric?.labels?.[classLabel] ?? 0);
  return points.map(({ interval, value }) => ({
    backend,
    statusClass,
    end: Date.parse(interval.endTime),
    value: value.doubleValue ?? Number(value.int64Value ?? 0),
  }));
}
