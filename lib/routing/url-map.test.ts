import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Rule } from "#lib/deployments/spec.ts";
import { chooseVariant, type RoutedRequest } from "#lib/routing/choose-variant.ts";
import { routingSets, type RoutingSet } from "#lib/routing/routing-cases.ts";
import {
  googleCan,
  googleLacks,
  redirectToHttps,
  renderUrlMap,
  urlMapToProxy,
  type MatchRule,
  type UrlMap,
} from "#lib/routing/url-map.ts";

const weights = [
  { variant: "a", weight: 100 },
  { variant: "b", weight: 0 },
  { variant: "c", weight: 0 },
];
const link = (variant: string) => `to-${variant}`;
const spec = (rules: Rule[], of = weights) => ({
  endpoint: { access: "open" as const },
  routing: { rules, algorithm: "round-robin" as const, affinity: { by: "none" as const } },
  variants: of,
});

type Outcome = { to: string; path: string } | { redirectedTo: string; code: string };

/** How Google's reference of URL maps says that a request finds its way, and nothing but that. */
function evaluate(map: UrlMap, request: RoutedRequest, roll = 0): Outcome {
  const [path, query = ""] = request.target.split(/\?(.*)/s) as [string, string?];
  if (map.defaultUrlRedirect) {
    const { redirectResponseCode, stripQuery } = map.defaultUrlRedirect;
    return { redirectedTo: stripQuery ? path : request.target, code: redirectResponseCode };
  }
  const { pathMatcher } = map.hostRules!.find(({ hosts }) => hosts.includes("*"))!;
  const matcher = map.pathMatchers!.find(({ name }) => name === pathMatcher)!;
  const inOrder = [...(matcher.routeRules ?? [])].sort((one, other) => one.priority - other.priority);
  for (const { matchRules, service, routeAction } of inOrder) {
    const match = matchRules.find((one) => holds(one, path, query, request));
    if (!match) continue;
    const rewrite = routeAction?.urlRewrite?.pathPrefixRewrite;
    const matched = match.fullPathMatch ?? match.prefixMatch ?? "";
    const sent = rewrite === undefined ? path : rewrite + path.slice(matched.length);
    return { to: service ?? byWeight(routeAction!.weightedBackendServices!, roll), path: sent };
  }
  return { to: matcher.defaultService, path };
}

function holds(match: MatchRule, path: string, query: string, request: RoutedRequest): boolean {
  const headers: Record<string, string | undefined> = { ...request.headers, ":method": request.method };
  const parameters = query.split("&").map((part) => part.split(/=(.*)/s));
  return (
    (match.fullPathMatch === undefined || path === match.fullPathMatch) &&
    (match.prefixMatch === undefined || path.startsWith(match.prefixMatch)) &&
    (match.headerMatches ?? []).every(({ headerName, exactMatch }) => headers[headerName] === exactMatch) &&
    (match.queryParameterMatches ?? []).every(({ name, exactMatch }) =>
      parameters.some(([key, value]) => key === name && value === exactMatch),
    )
  );
}

function byWeight(services: { backendService: string; weight: number }[], roll: number): string {
  let upTo = 0;
  return services.find(({ weight }) => roll < (upTo += weight))!.backendService;
}

const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const rule: fc.Arbitrary<Rule> = fc
  .record({
    variant: oneOf("a", "b", "c"),
    pathPrefix: optional(oneOf("/", "/v1", "/v1/", "/v1/x", "/v11", "/v%31")),
    method: optional(oneOf("GET" as const, "POST" as const)),
    header: optional(fc.record({ name: oneOf("x-tier", "X-Tier", "x-'b"), value: oneOf("1", "2", "'\"") })),
    query: optional(fc.record({ name: oneOf("q", "p", "a b"), value: oneOf("1", "2") })),
    cookie: optional(fc.constant({ name: "beta", value: "1" })),
  })
  .filter(({ variant: _, ...conditions }) => Object.values(conditions).some(Boolean));
const request: fc.Arbitrary<RoutedRequest> = fc
  .record({
    path: oneOf("/", "/v1", "/v1/", "/v1/x", "/v1/x/y", "/v11", "/V1", "/v2"),
    query: oneOf("", "?", "?q=1", "?q=2&p=1", "?p=2", "?q=11", "?x=/v1"),
    method: oneOf("GET", "POST"),
    tier: optional(oneOf("1", "2", "'\"")),
  })
  .map(({ path, query, method, tier }) => ({
    method,
    target: path + query,
    headers: tier ? { "x-tier": tier } : ({} as Record<string, string>),
    ip: "127.0.0.1",
  }));
const shares = fc
  .tuple(oneOf(0, 10, 100), oneOf(0, 5, 100), oneOf(0, 1, 100))
  .map((all) => all.map((weight, index) => ({ variant: "abc"[index]!, weight })));

describe("a URL map", () => {
  it("means what the model means, wherever Google is said to be able to", () => {
    let able = 0;
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 4 }),
        shares,
        fc.array(request, { minLength: 5 }),
        fc.nat(299),
        (rules, of, requests, seed) => {
          if (!googleCan(spec(rules, of))) return;
          able++;
          const map = renderUrlMap({ rules, weights: of }, link);
          const roll = seed % of.reduce((sum, { weight }) => sum + weight, 0);
          const routing = { deploymentId: "dep-x", rules, weights: of, affinity: { by: "none" as const } };
          for (const sent of requests) {
            const wanted = link(chooseVariant(routing, sent, roll)!);
            expect(evaluate(map, sent, roll)).toMatchObject({ to: wanted });
          }
        },
      ),
      { numRuns: 3_000 },
    );
    expect(able).toBeGreaterThan(400);
  });

  it("has each priority once, and names every variant, so that none is unknown to health checks", () => {
    const map = renderUrlMap({ rules: [{ variant: "b", pathPrefix: "/v1" }], weights }, link);
    expect(map.pathMatchers).toEqual([
      {
        name: "main",
        defaultService: "to-a",
        routeRules: [
          {
            priority: 1,
            matchRules: [{ fullPathMatch: "/v1" }, { prefixMatch: "/v1/" }],
            service: "to-b",
          },
          {
            priority: 2,
            matchRules: [{ prefixMatch: "/" }],
            routeAction: {
              weightedBackendServices: [
                { backendService: "to-a", weight: 100 },
                { backendService: "to-b", weight: 0 },
                { backendService: "to-c", weight: 0 },
              ],
            },
          },
        ],
      },
    ]);
  });

  it("gives static files before all rules, and takes their path's beginning away", () => {
    const files = { prefix: "/static/", backendBucket: "to-bucket" };
    const rules: Rule[] = [{ variant: "b", method: "GET" }];
    const sent = (target: string) => ({ method: "GET", target, headers: {}, ip: "127.0.0.1" });
    const direct = renderUrlMap({ rules, weights }, link, files);
    for (const map of [direct, urlMapToProxy("to-proxy", files)]) {
      expect(evaluate(map, sent("/static/a/b.css?x"))).toEqual({ to: "to-bucket", path: "/a/b.css" });
      expect(evaluate(map, sent("/static"))).toEqual({ to: "to-bucket", path: "/" });
      expect(evaluate(map, sent("/statics"))).not.toMatchObject({ to: "to-bucket" });
    }
    expect(evaluate(urlMapToProxy("to-proxy"), sent("/x"))).toEqual({ to: "to-proxy", path: "/x" });
  });

  it("matches the host by Google's name for it", () => {
    const [matcher] = renderUrlMap(
      { rules: [{ variant: "b", header: { name: "Host", value: "example.com" } }], weights },
      link,
    ).pathMatchers!;
    expect(matcher!.routeRules![0]!.matchRules).toEqual([
      { prefixMatch: "/", headerMatches: [{ headerName: ":authority", exactMatch: "example.com" }] },
    ]);
  });

  it("isn't written where nothing would take a request", () => {
    const none = weights.map(({ variant }) => ({ variant, weight: 0 }));
    expect(() => renderUrlMap({ rules: [], weights: none }, link)).toThrow("All weights are 0");
  });
});

describe("the routing table", () => {
  const weightsOf = (set: RoutingSet) =>
    Object.entries(set.weights).map(([variant, weight]) => ({ variant, weight }));
  const specOf = (set: RoutingSet) => ({
    endpoint: { access: set.access },
    routing: { rules: set.rules, algorithm: set.algorithm, affinity: set.affinity },
    variants: weightsOf(set),
  });
  const lacks = Object.fromEntries(routingSets.map((set) => [set.name, googleLacks(specOf(set))]));

  it("is done by Google, or by HAProxy behind it", () => {
    expect(lacks).toEqual({
      "rules on path, method, header and query": ["queries with encoded characters"],
      "rules in their order, cookies, odd names": [
        "rules on cookies",
        "headers with such names",
        "queries with encoded characters",
      ],
      "a route that nothing takes": ["a route that nothing takes"],
      weights: [],
      "affinity by cookie": ["affinity together with weights"],
      "affinity by header": ["affinity by header"],
      "affinity by address": ["affinity together with weights"],
      "a private endpoint": ["keys"],
      "HTTPS, and HTTP redirected to it": [],
    });
  });

  /** What Google lacks isn't rendered for it: those exchanges are HAProxy's, as everywhere. */
  const [first] = routingSets;
  const able = { ...first!, rules: first!.rules.filter(({ query }) => !query) };
  const routed = able.exchanges.filter(({ target }) => !target.includes("plan="));
  it.each(routed)("$name", ({ method = "GET", target, headers = {}, expected }) => {
    expect(googleLacks(specOf(able))).toEqual([]);
    const map = renderUrlMap({ rules: able.rules, weights: weightsOf(able) }, link);
    const sent = { method, target, headers, ip: "127.0.0.1" };
    const { variant } = expected as { variant: string };
    expect(evaluate(map, sent)).toMatchObject({ to: link(variant) });
  });

  it("redirects as it says", () => {
    const set = routingSets.find(({ secure }) => secure)!;
    for (const { overHttp, target, method = "GET", expected } of set.exchanges) {
      if (!overHttp || !("redirectedTo" in expected)) continue;
      const sent = { method, target, headers: {}, ip: "127.0.0.1" };
      expect(evaluate(redirectToHttps, sent)).toEqual({ ...expected, code: "PERMANENT_REDIRECT" });
    }
    expect(set.exchanges.filter(({ overHttp }) => overHttp)).toHaveLength(2);
  });
});

it.each([
  [{ affinity: { by: "cookie" as const } }, [{ weight: 1 }], []],
  [{ affinity: { by: "ip" as const } }, [{ weight: 1 }], []],
  [{ affinity: { by: "ip" as const } }, [{ weight: 1 }, { weight: 0 }], ["affinity together with weights"]],
  [{ algorithm: "least-connections" as const }, [{ weight: 1 }], []],
  [{ algorithm: "random" as const }, [{ weight: 1 }], []],
  [{ rules: [{ variant: "b", pathPrefix: "/a%20b" }] }, [{ weight: 1 }], ["paths with encoded characters"]],
])("Google and %j among %j", (change, variants, wanted) => {
  const plain = spec([]);
  expect(googleLacks({ ...plain, routing: { ...plain.routing, ...change }, variants })).toEqual(wanted);
});
