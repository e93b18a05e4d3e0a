import type { Spec } from "#lib/deployments/spec.ts";
import { loadBalancerOf } from "#lib/targets/gke/load-balancer.ts";
import { needsProxy } from "#lib/targets/kubernetes/load-balancer.ts";

/** Who tells of requests: HAProxy as they happen, Google minutes later, or nobody. */
export type CountedBy = "proxy" | "google" | "nobody";

type Of = Pick<Spec, "endpoint" | "routing" | "target" | "variants">;

/**
 * HAProxy at layer 7 counts on every target, and where Google's load balancer routes by itself Google does. At layer 4
 * nothing is read in a connection, and a Gateway alone gives no figures.
 */
export function countedBy(spec: Of): CountedBy {
  if (spec.target !== "gke") return needsProxy(spec, spec.endpoint) ? "proxy" : "nobody";
  const byLoadBalancer = { google: "google", "google-and-proxy": "proxy", service: "nobody" } as const;
  return byLoadBalancer[loadBalancerOf(spec)];
}
