import * as z from "zod";
import { Refused, type Cluster } from "#infra/clusters/ask-cluster.ts";
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
  try {
    const items = await cluster.list("/apis/gateway.networking.k8s.io/v1/gatewayclasses");
    const classes = z.array(gatewayClass).parse(items);
    return { gatewayApi: "there", gatewayClasses: classes.map(toFound) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { gatewayApi: error.status === 404 ? "absent" : "unknown", gatewayClasses: [] };
  }
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
  const { status } = await cluster.get("/apis/metrics.k8s.io/v1beta1");
  if (status === 200) return "there";
  if (status === 404) return "absent";
  return status === 403 ? "unknown" : "silent";
}

/** Whether a Service of type LoadBalancer has an address: only an example tells that the cluster gives some. */
export async function readLoadBalancers(cluster: Cluster): Promise<Findings["loadBalancers"]> {
  try {
    const services = z.array(service).parse(await cluster.list("/api/v1/services"));
    const served = services.some(
      ({ spec, status }) => spec?.type === "LoadBalancer" && (status?.loadBalancer?.ingress ?? []).length > 0,
    );
    return served ? "seen" : "unknown";
  } catch (error) {
    if (error instanceof Refused) return "unknown";
    throw error;
  }
}
