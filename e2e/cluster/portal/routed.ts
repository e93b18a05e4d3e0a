import type { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";
import type { LiveDeployment } from "#e2e/portal/api.ts";
import { call } from "#infra/local-runtime/fixtures/harness.ts";
import type { RoutingPlace } from "#lib/routing/check-routing.ts";
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
export function placeOf(on: OnCluster, deployment: LiveDeployment): RoutingPlace {
  const { url, ip, certificate } = deployment.endpoint;
  return {
    key: on.api.key,
    secureHost: new URL(url).host,
    call: ({ method, target, headers, overHttp }) =>
      overHttp
        ? call(`http://${ip}${target}`, { method, headers })
        : call(`${url}${target}`, { method, headers, ...(certificate && { certificate }) }),
    // A pod's name has its Deployment's in it, and that the variant's.
    variantOf: ({ text }) =>
      /^model-(.+)-[^-]+-[^-]+$/.exec((JSON.parse(text) as { host: string }).host)?.[1] ?? text,
    replicaOf: ({ headers }) => String(headers["x-sluice-replica"]),
  };
}
