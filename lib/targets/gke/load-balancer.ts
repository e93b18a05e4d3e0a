import type { Spec } from "#lib/deployments/spec.ts";
import { googleCan } from "#lib/routing/url-map.ts";

/**
 * What brings the traffic to a deployment's replicas:
 * - `google`: Google's load balancer of layer 7, with a backend service for each variant
 * - `google-and-proxy`: it hands all to HAProxy in the namespace, which routes (`googleLacks` says why)
 * - `service`: layer 4, a Service that Google's network brings connections to
 */
export type GkeLoadBalancer = "google" | "google-and-proxy" | "service";

export function loadBalancerOf(spec: {
  routing: Spec["routing"];
  endpoint: Pick<Spec["endpoint"], "access">;
  variants: { weight: number }[];
}): GkeLoadBalancer {
  if (spec.routing.layer === 4) return "service";
  return googleCan(spec) ? "google" : "google-and-proxy";
}
