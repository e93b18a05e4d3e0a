import type { Spec } from "#lib/deployments/spec.ts";
import { needsProxy } from "#lib/targets/kubernetes/load-balancer.ts";

/**
 * Whether what brings the traffic tells of requests: HAProxy at layer 7 does, on either target. At layer 4 nothing is
 * read in a connection, and a Gateway alone gives no figures.
 */
export function countsRequests(spec: Pick<Spec, "endpoint" | "routing">): boolean {
  return needsProxy(spec, spec.endpoint);
}
