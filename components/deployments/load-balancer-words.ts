import type { Spec } from "#lib/deployments/spec.ts";
import { gatewayLacks } from "#lib/routing/http-route.ts";
import { loadBalancerOf, type LoadBalancer } from "#lib/targets/kubernetes/load-balancer.ts";

type Asked = {
  target: Spec["target"];
  routing: Spec["routing"];
  endpoint: Pick<Spec["endpoint"], "access" | "gatewayClass" | "serviceType">;
};

/** What brings the traffic, by name, for a picture. */
export function loadBalancerTitle(asked: Asked): string {
  const titles: Record<LoadBalancer, string> = {
    service: "Service",
    proxy: "HAProxy",
    gateway: `Gateway ${asked.endpoint.gatewayClass}`,
    "gateway-and-proxy": `Gateway ${asked.endpoint.gatewayClass}, HAProxy`,
  };
  return titles[kindOf(asked)];
}

/** Which load balancer it is, where it stands, and why it is that one, in a sentence. */
export function loadBalancerSentence(asked: Asked): string {
  const { target, routing, endpoint } = asked;
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

/** On this machine it is HAProxy, whatever the layer. */
function kindOf({ target, routing, endpoint }: Asked): LoadBalancer {
  return target === "local" ? "proxy" : loadBalancerOf({ routing, endpoint }, endpoint);
}
