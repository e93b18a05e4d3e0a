import type { Affinity, Algorithm, Rule } from "#lib/deployments/spec.ts";
import { prefixOf, type Routing } from "#lib/routing/choose-variant.ts";

/** A Gateway API HTTPRoute's rule, as `spec.rules` holds them. */
export type HttpRouteRule = {
  matches: HttpRouteMatch[];
  backendRefs: { name: string; port: number; weight?: number }[];
};

export type HttpRouteMatch = {
  path: { type: "PathPrefix"; value: string };
  method?: NonNullable<Rule["method"]>;
  headers?: { type: "Exact"; name: string; value: string }[];
  queryParams?: { type: "Exact"; name: string; value: string }[];
};

/** An HTTPRoute holds 16 rules, the weights' one among them. */
const mostRules = 15;

/**
 * A deployment's rules in their order, then its weights, in the Gateway API's words. It means the same as
 * `chooseVariant` where `gatewayLacks` finds nothing.
 *
 * @param backend the Service of a variant
 */
export function renderHttpRoute(
  routing: Pick<Routing, "rules" | "weights">,
  backend: (variant: string) => { name: string; port: number },
): HttpRouteRule[] {
  const rules = routing.rules.map((rule) => ({
    matches: [matchOf(rule)],
    backendRefs: [backend(rule.variant)],
  }));
  const weighted = routing.weights.filter(({ weight }) => weight > 0);
  const rest = {
    matches: [matchOf({})],
    backendRefs: weighted.map(({ variant, weight }) => ({ ...backend(variant), weight })),
  };
  return weighted.length === 0 ? rules : [...rules, rest];
}

function matchOf({ pathPrefix, method, header, query }: Partial<Rule>): HttpRouteMatch {
  return {
    path: { type: "PathPrefix", value: prefixOf(pathPrefix ?? "/").exact },
    ...(method && { method }),
    ...(header && { headers: [{ type: "Exact" as const, ...header }] }),
    ...(query && { queryParams: [{ type: "Exact" as const, ...query }] }),
  };
}

/**
 * What a Gateway can't do by itself, in words for a plan; nothing: it does it all. Else its HTTPRoute has one
 * backend, HAProxy, which routes as everywhere.
 */
export function gatewayLacks(spec: {
  endpoint: { access: "private" | "open" };
  routing: { rules: Rule[]; algorithm: Algorithm; affinity: Affinity };
}): string[] {
  const { rules, algorithm, affinity } = spec.routing;
  return [
    ...(spec.endpoint.access === "private" ? ["keys"] : []),
    ...(rules.some((rule) => rule.cookie) ? ["rules on cookies"] : []),
    // What a Gateway does among the pods of a Service is its controller's own choice: in turn, or close to it.
    ...(algorithm === "round-robin" ? [] : [`the algorithm ${algorithm}`]),
    ...(affinity.by === "none" ? [] : [`affinity by ${affinity.by}`]),
    ...(keepsOrder(rules) ? [] : ["rules in this order"]),
    ...(rules.every(({ pathPrefix }) => isGatewayPath(pathPrefix ?? "/"))
      ? []
      : ["paths with such characters"]),
    ...(rules.every(({ query }) => isGatewayName(query?.name ?? "a")) ? [] : ["queries with such names"]),
    ...(rules.length > mostRules ? [`more than ${mostRules} rules`] : []),
  ];
}

/** What its API takes as a path (HTTPPathMatch): also without empty parts and ones of dots. */
function isGatewayPath(path: string): boolean {
  const isWellMade = /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/.test(path);
  return isWellMade && !/\/\/|\/\.\.?(\/|$)|%2f/i.test(path);
}

/** What its API takes as the name of a query parameter (HTTPHeaderName). */
function isGatewayName(name: string): boolean {
  return /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}$/.test(name);
}

export function gatewayCan(spec: Parameters<typeof gatewayLacks>[0]): boolean {
  return gatewayLacks(spec).length === 0;
}

/**
 * A Gateway takes the most specific rule, not the first: the longest path, then one with a method, then the most
 * headers, then the most query parameters, and only then the first in the list (HTTPRouteRule in its API). So an
 * earlier rule must not lose to a later one, unless no request matches both or both lead to the same variant.
 */
function keepsOrder(rules: readonly Rule[]): boolean {
  return rules.every((rule, index) =>
    rules
      .slice(index + 1)
      .every(
        (later) =>
          compareSpecificity(rule, later) >= 0 || rule.variant === later.variant || areDisjoint(rule, later),
      ),
  );
}

function compareSpecificity(one: Rule, other: Rule): number {
  const theirs = specificity(other);
  return (
    specificity(one)
      .map((value, index) => value - (theirs[index] ?? 0))
      .find((difference) => difference !== 0) ?? 0
  );
}

function specificity({ pathPrefix, method, header, query }: Rule): number[] {
  return [
    prefixOf(pathPrefix ?? "/").exact.length,
    Number(method !== undefined),
    Number(header !== undefined),
    Number(query !== undefined),
  ];
}

/** No request matches both: another method, another value of the same header, or paths beside each other. */
function areDisjoint(one: Rule, other: Rule): boolean {
  if (one.method && other.method && one.method !== other.method) return true;
  const [header, theirs] = [one.header, other.header];
  if (header && theirs && header.value !== theirs.value) {
    return header.name.toLowerCase() === theirs.name.toLowerCase();
  }
  const [a, b] = [prefixOf(one.pathPrefix ?? "/"), prefixOf(other.pathPrefix ?? "/")];
  return !(`${a.exact}/`.startsWith(b.below) || `${b.exact}/`.startsWith(a.below));
}
