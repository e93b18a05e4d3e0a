import { text } from "node:stream/consumers";
import type { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";
import type { LiveDeployment } from "#e2e/portal/api.ts";
import { sendToEndpoint } from "#lib/deployments/send-to-endpoint.ts";
import type { RoutedAnswer, RoutingPlace } from "#lib/routing/check-routing.ts";
import type { RoutingSet } from "#lib/routing/routing-cases.ts";

/** What a person sends to have a set's routing, with replicas that say who they are. */
export function formOf(
  set: RoutingSet,
  image: string,
): { routing: object; endpoint: object; variants: object[] } {
  const { rules, algorithm, affinity, access, weights, replicas, secure } = set;
  return {
    routing: { rules, algorithm, affinity },
    endpoint: { access, ...(secure && { tls: { mode: "self-signed" } }) },
    variants: Object.entries(weights).map(([name, weight]) => ({
      name,
      weight,
      model: { image, port: 8080, healthPath: "/healthz" },
      scaling: { minReplicas: replicas, metric: "none" },
      resources: { cpu: "10m", memory: "32Mi" },
    })),
  };
}

/** A deployment as the table of cases sees it. */
export function placeOf(on: OnCluster, { endpoint }: LiveDeployment): RoutingPlace {
  const byHttp = { ...endpoint, url: `http://${endpoint.ip}`, port: 80, certificate: null };
  return {
    key: on.api.key,
    secureHost: new URL(endpoint.url).host,
    async call({ method, target, headers, overHttp }): Promise<RoutedAnswer> {
      const signal = AbortSignal.timeout(30_000);
      const request = { method, path: target, headers, signal };
      const answer = await sendToEndpoint(overHttp ? byHttp : endpoint, request);
      return { status: answer.statusCode ?? 0, headers: answer.headers, text: await text(answer) };
    },
    // A pod's name has its Deployment's in it, and that the variant's.
    variantOf: (answer) =>
      /^model-(.+)-[^-]+-[^-]+$/.exec((JSON.parse(answer.text) as { host: string }).host)?.[1] ?? answer.text,
    replicaOf: ({ headers }) => String(headers["x-sluice-replica"]),
  };
}
