import type { Affinity, Rule } from "#lib/deployments/spec.ts";
import { affinityCookieName } from "#lib/routing/affinity-cookie.ts";
import { crc32 } from "#lib/routing/crc32.ts";

/** Which variant a request goes to: the part of a spec that every target renders in its own words. */
export type Routing = {
  deploymentId: string;
  rules: Rule[];
  weights: { variant: string; weight: number }[];
  affinity: Affinity;
};

export type RoutedRequest = {
  method: string;
  /** as sent: path and query, not decoded */
  target: string;
  /** names in lower case */
  headers: Record<string, string>;
  /** IPv4 address of the client */
  ip: string;
};

/**
 * The model that the load balancer's configuration is tested against: rules first (the first one whose
 * conditions all hold), then the variant that a client sticks to, then the weights.
 *
 * @param roll a random number, 0 ≤ roll < the sum of the weights
 * @returns `null` if no rule matches and all weights are 0
 */
export function chooseVariant(routing: Routing, request: RoutedRequest, roll: number): string | null {
  const rule = routing.rules.find((candidate) => matches(candidate, request));
  if (rule) return rule.variant;
  const total = routing.weights.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return null;
  const stuck = stuckTo(routing, request);
  if (stuck !== null) return stuck;
  const hash = hashOf(routing.affinity, request);
  return variantAt(routing.weights, hash === null ? roll : hash % total);
}

/** The variant whose share of 0…total holds `point`. */
export function variantAt(weights: Routing["weights"], point: number): string | null {
  let upTo = 0;
  for (const { variant, weight } of weights) {
    upTo += weight;
    if (point < upTo) return variant;
  }
  return null;
}

/**
 * Whole path segments: `/v1` takes `/v1` and `/v1/x`, not `/v1x`. A slash at the end says nothing more.
 * The same as PathPrefix in the Gateway API, so that a spec means the same on every target.
 */
export function prefixOf(pathPrefix: string): { exact: string; below: string } {
  const exact = pathPrefix.replace(/\/+$/, "");
  return { exact: exact === "" ? "/" : exact, below: `${exact}/` };
}

function matches(rule: Rule, request: RoutedRequest): boolean {
  const [path = "", query = ""] = split(request.target);
  if (rule.method && rule.method !== request.method) return false;
  if (rule.pathPrefix) {
    const { exact, below } = prefixOf(rule.pathPrefix);
    if (path !== exact && !path.startsWith(below)) return false;
  }
  if (rule.header && request.headers[rule.header.name.toLowerCase()] !== rule.header.value) return false;
  if (
    rule.cookie &&
    !cookies(request).some(([name, value]) => name === rule.cookie?.name && value === rule.cookie.value)
  )
    return false;
  if (rule.query && !new URLSearchParams(query).getAll(rule.query.name).includes(rule.query.value))
    return false;
  return true;
}

function split(target: string): [string, string] {
  const at = target.indexOf("?");
  return at < 0 ? [target, ""] : [target.slice(0, at), target.slice(at + 1)];
}

/** As load balancers read them: a comma ends a value too (RFC 6265 has none in a value). */
function cookies(request: RoutedRequest): [string, string][] {
  return (request.headers.cookie ?? "").split(/[;,]/).flatMap((part) => {
    const at = part.indexOf("=");
    return at < 0 ? [] : [[part.slice(0, at).trim(), part.slice(at + 1).trim()] as [string, string]];
  });
}

/** A variant without weight takes no new requests, so nobody sticks to it either. */
function stuckTo(routing: Routing, request: RoutedRequest): string | null {
  if (routing.affinity.by !== "cookie") return null;
  const name = affinityCookieName(routing.deploymentId);
  const value = cookies(request).find(([cookie]) => cookie === name)?.[1];
  const variant = value?.slice(0, value.lastIndexOf("."));
  return routing.weights.find((w) => w.weight > 0 && w.variant === variant)?.variant ?? null;
}

function hashOf(affinity: Affinity, request: RoutedRequest): number | null {
  switch (affinity.by) {
    case "none":
    case "cookie":
      return null;
    case "ip":
      return crc32(Uint8Array.from(request.ip.split(".").map(Number)));
    case "header": {
      const value = request.headers[affinity.header.toLowerCase()];
      return value ? crc32(new TextEncoder().encode(value)) : null;
    }
  }
}
