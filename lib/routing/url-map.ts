import type { Affinity, Algorithm, Rule } from "#lib/deployments/spec.ts";
import { prefixOf, type Routing } from "#lib/routing/choose-variant.ts";

// Google's words for a URL map, as its API and the SDK both write them (schema UrlMap of Compute's Discovery document).

export type UrlMap = {
  defaultService?: string;
  defaultUrlRedirect?: UrlRedirect;
  hostRules?: { hosts: string[]; pathMatcher: string }[];
  pathMatchers?: { name: string; defaultService: string; routeRules?: RouteRule[] }[];
};

/** What a request is sent to: one service, or several by weight. */
export type RouteRule = {
  /** the lowest number that matches wins; no two are the same */
  priority: number;
  /** one of them has to match, with all that is in it */
  matchRules: MatchRule[];
  service?: string;
  routeAction?: {
    weightedBackendServices?: { backendService: string; weight: number }[];
    urlRewrite?: { pathPrefixRewrite: string };
  };
};

export type MatchRule = {
  fullPathMatch?: string;
  prefixMatch?: string;
  headerMatches?: { headerName: string; exactMatch: string }[];
  queryParameterMatches?: { name: string; exactMatch: string }[];
};

type UrlRedirect = { httpsRedirect: true; redirectResponseCode: "PERMANENT_REDIRECT"; stripQuery: false };

/** Static files under a path, which the bucket doesn't see. */
export type StaticRoute = { prefix: string; backendBucket: string };

/**
 * A deployment's rules in their order, then its weights, as a global URL map. It means the same as `chooseVariant`
 * where `googleLacks` finds nothing. Variants without weight stay in the list of weights: only a backend service that a
 * URL map names is looked at by its health check, so one that gets weight later is known to be healthy by then.
 *
 * @param routing.weights one of them is more than 0
 * @param backend the partial link of a variant's backend service
 */
export function renderUrlMap(
  routing: Pick<Routing, "rules" | "weights">,
  backend: (variant: string) => string,
  files: StaticRoute | null = null,
): UrlMap {
  const { rules, weights } = routing;
  const main = weights.find(({ weight }) => weight > 0);
  if (!main) throw new Error("All weights are 0, and a URL map has to send each request somewhere.");
  const toRules = rules.map((rule) => ({ matchRules: matchesOf(rule), service: backend(rule.variant) }));
  const toWeights = {
    matchRules: matchesOf({}),
    routeAction: {
      weightedBackendServices: weights.map(({ variant, weight }) => ({
        backendService: backend(variant),
        weight,
      })),
    },
  };
  return urlMap(backend(main.variant), files, [...toRules, ...(weights.length > 1 ? [toWeights] : [])]);
}

/** All requests to one backend service, HAProxy's, which routes; beside it the static files. */
export function urlMapToProxy(service: string, files: StaticRoute | null = null): UrlMap {
  return urlMap(service, files, []);
}

/** Whoever comes by HTTP is sent to HTTPS, with the method kept (308), as on the other targets. */
export const redirectToHttps: UrlMap = {
  defaultUrlRedirect: { httpsRedirect: true, redirectResponseCode: "PERMANENT_REDIRECT", stripQuery: false },
};

const pathMatcher = "main";

function urlMap(
  defaultService: string,
  files: StaticRoute | null,
  rules: Omit<RouteRule, "priority">[],
): UrlMap {
  const routes = [...(files ? [toFiles(files)] : []), ...rules];
  const routeRules = routes.map((rule, index) => ({ priority: index + 1, ...rule }));
  return {
    defaultService,
    hostRules: [{ hosts: ["*"], pathMatcher }],
    pathMatchers: [{ name: pathMatcher, defaultService, ...(routeRules.length > 0 && { routeRules }) }],
  };
}

function toFiles({ prefix, backendBucket }: StaticRoute): Omit<RouteRule, "priority"> {
  return {
    matchRules: matchesOf({ pathPrefix: prefix }),
    service: backendBucket,
    routeAction: { urlRewrite: { pathPrefixRewrite: "/" } },
  };
}

/** Whole segments take two: `/v2` itself, and what is below `/v2/`. A query is no part of either. */
function matchesOf(rule: Partial<Rule>): MatchRule[] {
  const { exact, below } = prefixOf(rule.pathPrefix ?? "/");
  const others = conditionsOf(rule);
  const all = { prefixMatch: below, ...others };
  return exact === "/" ? [all] : [{ fullPathMatch: exact, ...others }, all];
}

function conditionsOf({ method, header, query }: Partial<Rule>): MatchRule {
  const headers = [
    ...(method ? [{ headerName: ":method", exactMatch: method }] : []),
    ...(header ? [{ headerName: headerNameOf(header.name), exactMatch: header.value }] : []),
  ];
  return {
    ...(headers.length > 0 && { headerMatches: headers }),
    ...(query && { queryParameterMatches: [{ name: query.name, exactMatch: query.value }] }),
  };
}

/**
 * In lower case, which is what Google's load balancer turns headers into ("Lowercase conversion", same page as the
 * limits below); the host goes by another name (HttpHeaderMatch.headerName).
 */
function headerNameOf(name: string): string {
  const lower = name.toLowerCase();
  return lower === "host" ? ":authority" : lower;
}

/**
 * What Google's load balancer can't do by itself, in words for a plan; nothing: it does it all, with a backend service
 * for each variant. Else it hands all to HAProxy in the namespace, which routes as everywhere.
 *
 * From Compute's Discovery document (beta, revision 20261106):
 * - WeightedBackendService.weight, 0 to 1000: "Don't configure session affinity if you're using weighted traffic
 *   splitting", since the weights win. So affinity works with a single variant alone.
 * - BackendService.consistentHash, which names the header of an affinity by header, isn't said to be there for a global
 *   EXTERNAL_MANAGED service; affinity by the client's address and by a generated cookie need none of it.
 * - BackendService.localityLbPolicy has all of our algorithms for EXTERNAL_MANAGED.
 * - HttpRouteRuleMatch.ignoreCase: paths are told apart by case unless it is set. prefixMatch and fullPathMatch see the
 *   path without its query, up to 1024 characters; our longest is 256.
 * - HttpHeaderMatch has no cookies: a regular expression on the header would do, but a global URL map has none.
 * - Nothing says whether paths and queries are compared as they were sent or decoded (HttpQueryParameterMatch). So only
 *   those are taken that are the same both ways. Which one counts of a parameter that comes twice isn't said either.
 *
 * What a spec can have is within the limits of cloud.google.com/load-balancing/docs/quotas: a path matcher has 1,000 route
 * rules and 1,000 predicates (a path, a header or a query parameter each; our 32 rules have 256), a URL map 1 MB.
 */
export function googleLacks(spec: {
  endpoint: { access: "private" | "open" };
  routing: { rules: Rule[]; algorithm: Algorithm; affinity: Affinity };
  variants: { weight: number }[];
}): string[] {
  const { rules, affinity } = spec.routing;
  const lacks: [boolean, string][] = [
    [spec.endpoint.access === "private", "keys"],
    [rules.some(({ cookie }) => cookie), "rules on cookies"],
    [affinity.by === "header", "affinity by header"],
    [
      (affinity.by === "cookie" || affinity.by === "ip") && spec.variants.length > 1,
      "affinity together with weights",
    ],
    [spec.variants.every(({ weight }) => weight === 0), "a route that nothing takes"],
    [rules.some(({ header }) => header && !/^[a-z0-9_-]+$/i.test(header.name)), "headers with such names"],
    [rules.some(({ pathPrefix }) => pathPrefix && !isPlainPath(pathPrefix)), "paths with encoded characters"],
    [rules.some(({ query }) => query && !isPlainQuery(query)), "queries with encoded characters"],
  ];
  return lacks.flatMap(([isLacking, words]) => (isLacking ? [words] : []));
}

export function googleCan(spec: Parameters<typeof googleLacks>[0]): boolean {
  return googleLacks(spec).length === 0;
}

/** RFC 3986's unreserved characters and the delimiters that stand in a path as they are, but no `*`. */
export function isPlainPath(path: string): boolean {
  return /^[A-Za-z0-9/._~!$&'()+,;=:@-]*$/.test(path);
}

function isPlainQuery({ name, value }: { name: string; value: string }): boolean {
  return /^[A-Za-z0-9._~-]+$/.test(name) && /^[A-Za-z0-9._~-]+$/.test(value);
}
