import * as z from "zod";
import type { GoogleApi } from "#infra/google/api-client.ts";
import type { RequestRow } from "#prisma/generated/client.ts";

/** Of more, the newest are taken: it is a sample anyway. */
const mostEntries = 200;
const longestPath = 512;
const mostBytes = 2 ** 31 - 1;
/** Where a load balancer doesn't say so. */
const unknown = -1;

// As cloud.google.com/load-balancing/docs/https/https-logging-monitoring says.
const answer = z.looseObject({
  entries: z
    .array(
      z.looseObject({
        insertId: z.string(),
        timestamp: z.string(),
        resource: z.looseObject({ labels: z.record(z.string(), z.string()).nullish() }).nullish(),
        httpRequest: z
          .looseObject({
            requestMethod: z.string().nullish(),
            requestUrl: z.string().nullish(),
            status: z.number().nullish(),
            latency: z.string().nullish(),
            responseSize: z.union([z.string(), z.number()]).nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
});

/**
 * The newest requests that Google's load balancer wrote down, at the rate that its backend services say.
 *
 * @param of.variantOf the variant behind a backend; null: none
 * @throws what Google's API throws
 */
export async function readRequestLog(
  api: Pick<GoogleApi, "request">,
  of: {
    deploymentId: string;
    project: string;
    urlMap: string;
    since: Date;
    variantOf(backend: string): string | null;
  },
  signal: AbortSignal,
): Promise<RequestRow[]> {
  const filter = [
    'resource.type="http_load_balancer"',
    `resource.labels.url_map_name="${of.urlMap}"`,
    `timestamp>="${of.since.toISOString()}"`,
  ].join(" AND ");
  const said = await api.request({
    service: "logging",
    method: "POST",
    isRead: true,
    // Without the dot, what is before the colon would be a scheme.
    path: "./entries:list",
    body: {
      resourceNames: [`projects/${of.project}`],
      filter,
      orderBy: "timestamp desc",
      pageSize: mostEntries,
    },
    signal,
  });
  return (answer.parse(said).entries ?? []).map(({ insertId, timestamp, resource, httpRequest }) => ({
    id: insertId,
    deploymentId: of.deploymentId,
    at: new Date(timestamp),
    method: httpRequest?.requestMethod ?? "",
    path: pathOf(httpRequest?.requestUrl),
    status: httpRequest?.status ?? unknown,
    variant: of.variantOf(resource?.labels?.backend_service_name ?? "") || null,
    replicaId: null,
    queueMs: unknown,
    connectMs: unknown,
    responseMs: unknown,
    totalMs: millisecondsOf(httpRequest?.latency),
    bytesOut: Math.min(Number(httpRequest?.responseSize ?? 0), mostBytes),
  }));
}

/** Without the query, where a caller may have written something secret. */
function pathOf(url: string | null | undefined): string {
  return URL.canParse(url ?? "") ? new URL(url!).pathname.slice(0, longestPath) : "";
}

/** `0.123456s` */
function millisecondsOf(duration: string | null | undefined): number {
  const seconds = Number(duration?.replace(/s$/, "") ?? NaN);
  return Number.isFinite(seconds) ? Math.round(seconds * 1_000_000) / 1_000 : unknown;
}
