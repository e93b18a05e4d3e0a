import type { Spec } from "#lib/deployments/spec.ts";
import { gatewayCan } from "#lib/routing/http-route.ts";
import type { KubernetesSettings } from "#lib/targets/kubernetes/settings.ts";

/**
 * What brings the traffic to a deployment's replicas:
 * - `service`: layer 4, a plain Service before the pods
 * - `proxy`: HAProxy in the namespace behind a Service
 * - `gateway`: the Gateway alone, which routes
 * - `gateway-and-proxy`: the Gateway hands all to HAProxy in the namespace, which routes
 */
export type LoadBalancer = "service" | "proxy" | "gateway" | "gateway-and-proxy";

export function loadBalancerOf(
  spec: { routing: Spec["routing"]; endpoint: Pick<Spec["endpoint"], "access"> },
  settings: Pick<KubernetesSettings, "gatewayClass">,
): LoadBalancer {
  if (spec.routing.layer === 4) return "service";
  if (settings.gatewayClass === null) return "proxy";
  return gatewayCan(spec) ? "gateway" : "gateway-and-proxy";
}

/**
 * Whether HAProxy in the namespace takes HTTP: to serve by it, or to send its callers to HTTPS. A port of the nodes is
 * chosen by the cluster when the Service is there, so nothing before it can name the address to go to.
 */
export function proxyTakesHttp(
  spec: Pick<Spec, "endpoint">,
  settings: Pick<KubernetesSettings, "gatewayClass" | "serviceType">,
): boolean {
  // Behind a Gateway it is the Gateway that has the certificate.
  const isSecure = spec.endpoint.tls.mode !== "none" && settings.gatewayClass === null;
  return !isSecure || settings.serviceType === "LoadBalancer";
}

/** Whether HAProxy runs in the deployment's namespace. */
export function needsProxy(...of: Parameters<typeof loadBalancerOf>): boolean {
  const loadBalancer = loadBalancerOf(...of);
  return loadBalancer === "proxy" || loadBalancer === "gateway-and-proxy";
}
