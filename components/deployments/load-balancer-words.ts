import type { Spec } from "#lib/deployments/spec.ts";
import { gatewayLacks } from "#lib/routing/http-route.ts";
import { googleLacks } from "#lib/routing/url-map.ts";
import { loadBalancerOf as googleLoadBalancerOf } from "#lib/targets/gke/load-balancer.ts";
import { loadBalancerOf, type LoadBalancer } from "#lib/targets/kubernetes/load-balancer.ts";

type Asked = {
  target: Spec["target"];
  routing: Spec["routing"];
  endpoint: Pick<Spec["endpoint"], "access" | "gatewayClass" | "serviceType">;
  variants: readonly { weight: number }[];
};

/** What brings the traffic, by name, for a picture. */
export function loadBalancerTitle(asked: Asked): string {
  if (asked.target === "gke") return googleTitles[googleKindOf(asked)];
  const titles: Record<LoadBalancer, string> = {
    service: "Service",
    proxy: "HAProxy",
    gateway: `Gateway ${asked.endpoint.gatewayClass}`,
    "gateway-and-proxy": `Gateway ${asked.endpoint.gatewayClass}, HAProxy`,
  };
  return titles[kindOf(asked)];
}

const googleTitles = {
  google: "Google’s load balancer",
  "google-and-proxy": "Google’s load balancer, HAProxy",
  service: "Google’s network, Service",
} as const;

/** Which load balancer it is, where it stands, and why it is that one, in a sentence. */
export function loadBalancerSentence(asked: Asked): string {
  const { target, routing, endpoint } = asked;
  if (target === "gke") return googleSentence(asked);
  if (target === "local") {
    return routing.layer === 4
      ? "HAProxy on this machine, which passes connections on."
      : "HAProxy on this machine.";
  }
  const behind = endpoint.serviceType === "NodePort" ? "a node port" : "a Service of type LoadBalancer";
  switch (kindOf(asked)) {
    case "service":
      return `A plain Service, by ${behind}: layer 4, with no proxy between.`;
    case "proxy":
      return `HAProxy in the namespace, behind ${behind}.`;
    case "gateway":
      return "The Gateway does it all, with no proxy between.";
    case "gateway-and-proxy":
      return `Gateway ${endpoint.gatewayClass}, then HAProxy in the namespace for what a Gateway lacks: ${gatewayLacks(asked).join(", ")}.`;
  }
}

function googleSentence(asked: Asked): string {
  switch (googleKindOf(asked)) {
    case "google":
      return "Google’s load balancer routes by itself, with a backend service for each variant and no proxy between.";
    case "google-and-proxy":
      return `Google’s load balancer hands all to HAProxy in the namespace, which routes: Google’s has no ${googleLacks({ ...asked, variants: [...asked.variants] }).join(", no ")}.`;
    case "service":
      return "A Service on an address of the region: layer 4, Google’s network brings connections to the pods with no proxy between.";
  }
}

/** On this machine it is HAProxy, whatever the layer. */
function kindOf({ target, routing, endpoint }: Asked): LoadBalancer {
  return target === "local" ? "proxy" : loadBalancerOf({ routing, endpoint }, endpoint);
}

function googleKindOf(asked: Asked) {
  return googleLoadBalancerOf({ ...asked, variants: [...asked.variants] });
}
