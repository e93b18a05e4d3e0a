import type { Rule, Spec } from "#lib/deployments/spec.ts";
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
  return gatewayLacks(spec).length === 0 ? "gateway" : "gateway-and-proxy";
}

/** What of this routing a Gateway can't do by itself, in words for the plan; empty: it does it all. */
export function gatewayLacks({ endpoint, routing }: Pick<Spec, "endpoint" | "routing">): string[] {
  return [
    ...(endpoint.access === "private" ? ["keys"] : []),
    ...(routing.rules.some((rule) => rule.cookie) ? ["rules on cookies"] : []),
    // What a Gateway does among the pods of a Service is its controller's own choice: in turn, or close to it.
    ...(routing.algorithm === "round-robin" ? [] : [`the algorithm ${routing.algorithm}`]),
    ...(routing.affinity.by === "none" ? [] : [`affinity by ${routing.affinity.by}`]),
    ...(keepsOrder(routing.rules) ? [] : ["rules in this order"]),
  ];
}

/**
 * Whether the Gateway API's own precedence gives the first rule that matches: it takes the longest path, then a
 * method, then the most headers, then the most query parameters, and only then the order.
 */
function keepsOrder(rules: Rule[]): boolean {
  return rules.every((rule, index) => index === 0 || comparePrecedence(rules[index - 1]!, rule) >= 0);
}

/** Positive: the first takes precedence over the second, whatever their order. */
function comparePrecedence(a: Rule, b: Rule): number {
  const weigh = (rule: Rule) => [
    (rule.pathPrefix ?? "/").replace(/\/+$/, "").length,
    rule.method ? 1 : 0,
    rule.header ? 1 : 0,
    rule.query ? 1 : 0,
  ];
  const other = weigh(b);
  return (
    weigh(a)
      .map((value, index) => value - other[index]!)
      .find((difference) => difference !== 0) ?? 0
  );
}
