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
  spec: Pick<Spec, "endpoint" | "routing">,
  settings: Pick<KubernetesSettings, "gatewayClass">,
): LoadBalancer {
  if (spec.routing.layer === 4) return "service";
  if (settings.gatewayClass === null) return "proxy";
  return gatewayCan(spec) ? "gateway" : "gateway-and-proxy";
}
