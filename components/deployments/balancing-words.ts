import type { Affinity, Algorithm, Spec } from "#lib/deployments/spec.ts";
import { loadBalancerOf } from "#lib/targets/kubernetes/load-balancer.ts";

/** To which of a variant's replicas a request goes. */
export const algorithmWords: Record<Algorithm, string> = {
  "least-connections": "Least busy replica",
  "round-robin": "Each in turn",
  random: "At random",
};

type Asked = {
  target: Spec["target"];
  routing: Spec["routing"];
  endpoint: Pick<Spec["endpoint"], "access" | "gatewayClass">;
};

/** How the load balancer chooses a replica, and whether it stays with it. */
export function balancingWords({ target, routing, endpoint }: Asked): string {
  if (target === "gke" && routing.layer === 4)
    return routing.affinity.by === "ip"
      ? "Layer 4: Google’s network chooses a replica, the same for the same address"
      : "Layer 4: Google’s network chooses a replica for each connection";
  // A Service before the pods knows no algorithm: each connection goes where the cluster's own network sends it.
  if (target === "kubernetes" && loadBalancerOf({ routing, endpoint }, endpoint) === "service")
    return routing.affinity.by === "ip"
      ? "Layer 4: the cluster chooses a replica, the same for the same address"
      : "Layer 4: the cluster chooses a replica for each connection";
  const layer = routing.layer === 4 ? "Layer 4: " : "";
  const algorithm = algorithmWords[routing.algorithm];
  return `${layer}${layer ? algorithm.toLowerCase() : algorithm}, ${stickyWords(routing.affinity)}`;
}

function stickyWords(affinity: Affinity): string {
  switch (affinity.by) {
    case "none":
      return "no sticky sessions";
    case "cookie":
      return "the same for the same cookie";
    case "ip":
      return "the same for the same address";
    case "header":
      return `the same for the same header ${affinity.header}`;
  }
}
