import * as z from "zod";
import { unlessRefused, type Cluster } from "#infra/clusters/ask-cluster.ts";
import type { Findings } from "#lib/targets/kubernetes/findings.ts";

const gatewayClass = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({ controllerName: z.string() }),
  status: z
    .looseObject({
      conditions: z
        .array(z.looseObject({ type: z.string(), status: z.string(), message: z.string().nullish() }))
        .nullish(),
    })
    .nullish(),
});
const service = z.looseObject({
  spec: z.looseObject({ type: z.string().nullish() }).nullish(),
  status: z
    .looseObject({ loadBalancer: z.looseObject({ ingress: z.array(z.unknown()).nullish() }).nullish() })
    .nullish(),
});

/** The Gateway classes, and whether their controllers took them. */
export async function readGatewayClasses(
  cluster: Cluster,
): Promise<Pick<Findings, "gatewayApi" | "gatewayClasses">> {
  const items = cluster.list("/apis/gateway.networking.k8s.io/v1/gatewayclasses");
  const found = await unlessRefused(items, { 404: "absent", 403: "unknown" } as const);
  if (typeof found === "string") return { gatewayApi: found, gatewayClasses: [] };
  return { gatewayApi: "there", gatewayClasses: z.array(gatewayClass).parse(found).map(toFound) };
}

/** A class that nobody has looked at has the condition with status `Unknown`, or none. */
function toFound({
  metadata,
  spec,
  status,
}: z.infer<typeof gatewayClass>): Findings["gatewayClasses"][number] {
  const condition = status?.conditions?.find(({ type }) => type === "Accepted");
  const known = condition?.status === "True" || condition?.status === "False";
  return {
    name: metadata.name,
    controller: spec.controllerName,
    accepted: known ? condition.status === "True" : null,
    message: condition?.message ?? null,
  };
}

/** Whether processor use can be asked for, which scaling follows. */
export async function readMetricsApi(cluster: Cluster): Promise<Findings["metricsApi"]> {
  return unlessRefused(
    cluster.get("/apis/metrics.k8s.io/v1beta1").then(() => "there" as const),
    // The API server's own word for a server behind it that doesn't answer.
    { 404: "absent", 403: "unknown", 503: "silent" } as const,
  );
}

/** Whether a Service of type LoadBalancer has an address: only an example tells that the cluster gives some. */
export async function readLoadBalancers(cluster: Cluster): Promise<Findings["loadBalancers"]> {
  const asked = cluster.list("/api/v1/services");
  const services = z.array(service).parse(await unlessRefused(asked, { 403: [], 413: [] }));
  const served = services.some(
    ({ spec, status }) => spec?.type === "LoadBalancer" && (status?.loadBalancer?.ingress ?? []).length > 0,
  );
  return served ? "seen" : "unknown";
}
