import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Rule } from "#lib/deployments/spec.ts";
import { chooseVariant, type RoutedRequest } from "#lib/routing/choose-variant.ts";
import { gatewayCan, gatewayLacks, renderHttpRoute, type HttpRouteMatch } from "#lib/routing/http-route.ts";
import type { HttpRouteRule } from "#lib/routing/http-route.ts";

const weights = [
  { variant: "a", weight: 100 },
  { variant: "b", weight: 0 },
  { variant: "c", weight: 0 },
];
const backend = (variant: string) => ({ name: variant, port: 80 });
const spec = (rules: Rule[]) => ({
  endpoint: { access: "open" as const },
  routing: { rules, algorithm: "round-robin" as const, affinity: { by: "none" as const } },
});

/** How the Gateway API says a request finds its rule, written down from its reference and from nothing else. */
function gatewayChooses(rules: HttpRouteRule[], request: RoutedRequest): string | null {
  const url = new URL(request.target, "http://gateway");
  const matching = rules.flatMap((rule, order) =>
    rule.matches.filter((match) => matches(match, request, url)).map((match) => ({ match, rule, order })),
  );
  const [best] = matching.sort(
    (x, y) =>
      y.match.path.value.length - x.match.path.value.length ||
      Number(y.match.method !== undefined) - Number(x.match.method !== undefined) ||
      (y.match.headers?.length ?? 0) - (x.match.headers?.length ?? 0) ||
      (y.match.queryParams?.length ?? 0) - (x.match.queryParams?.length ?? 0) ||
      x.order - y.order,
  );
  return best?.rule.backendRefs[0]?.name ?? null;
}

function matches(match: HttpRouteMatch, request: RoutedRequest, url: URL): boolean {
  const prefix = match.path.value.split("/").filter(Boolean);
  const segments = url.pathname.split("/").filter((segment, index) => index > 0 || segment !== "");
  return (
    prefix.every((segment, index) => segments[index] === segment) &&
    (match.method ?? request.method) === request.method &&
    (match.headers ?? []).every(({ name, value }) => request.headers[name.toLowerCase()] === value) &&
    (match.queryParams ?? []).every(({ name, value }) => url.searchParams.get(name) === value)
  );
}

const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const rule: fc.Arbitrary<Rule> = fc
  .record({
    variant: oneOf("a", "b", "c"),
    pathPrefix: optional(oneOf("/", "/v1", "/v1/", "/v1/x", "/v11")),
    method: optional(oneOf("GET" as const, "POST" as const)),
    header: optional(fc.record({ name: oneOf("x-tier", "X-Tier", "x-b"), value: oneOf("1", "2") })),
    query: optional(fc.record({ name: oneOf("q", "p"), value: oneOf("1", "2") })),
  })
  .filter(({ variant: _, ...conditions }) => Object.values(conditions).some(Boolean));
const request: fc.Arbitrary<RoutedRequest> = fc
  .record({
    path: oneOf("/", "/v1", "/v1/x", "/v1/x/y", "/v11", "/v2"),
    query: oneOf("", "?q=1", "?q=2&p=1", "?p=2"),
    method: oneOf("GET", "POST"),
    tier: optional(oneOf("1", "2")),
    b: optional(oneOf("1", "2")),
  })
  .map(({ path, query, method, tier, b }) => ({
    method,
    target: path + query,
    headers: { ...(tier && { "x-tier": tier }), ...(b && { "x-b": b }) },
    ip: "127.0.0.1",
  }));

describe("an HTTPRoute", () => {
  it("means what the model means, wherever a Gateway is said to be able to", () => {
    let able = 0;
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 5 }),
        fc.array(request, { minLength: 5 }),
        (rules, requests) => {
          if (!gatewayCan(spec(rules))) return;
          able++;
          const rendered = renderHttpRoute({ rules, weights }, backend);
          const routing = { deploymentId: "dep-x", rules, weights, affinity: { by: "none" as const } };
          for (const sent of requests) {
            expect(gatewayChooses(rendered, sent)).toBe(chooseVariant(routing, sent, 0));
          }
        },
      ),
      { numRuns: 2_000 },
    );
    expect(able).toBeGreaterThan(400);
  });

  it("isn't written where the first rule would lose to a more specific one", () => {
    const general: Rule = { variant: "b", header: { name: "x-tier", value: "1" } };
    const special: Rule = { variant: "c", pathPrefix: "/v1" };
    expect(gatewayLacks(spec([general, special]))).toEqual(["rules in this order"]);
    expect(gatewayLacks(spec([special, general]))).toEqual([]);
    const both = { method: "GET", target: "/v1", headers: { "x-tier": "1" }, ip: "127.0.0.1" };
    const rendered = renderHttpRoute({ rules: [general, special], weights }, backend);
    expect(gatewayChooses(rendered, both)).toBe("c");
  });

  it("may have its rules in any order where no request matches two, or where they lead to one variant", () => {
    const get: Rule = { variant: "b", method: "GET" };
    expect(gatewayCan(spec([get, { variant: "c", pathPrefix: "/v1", method: "POST" }]))).toBe(true);
    expect(gatewayCan(spec([get, { variant: "b", pathPrefix: "/v1" }]))).toBe(true);
  });

  it("shares by weight what no rule takes, without the variants that have none", () => {
    const shared = [
      { variant: "a", weight: 90 },
      { variant: "b", weight: 10 },
      { variant: "c", weight: 0 },
    ];
    expect(renderHttpRoute({ rules: [], weights: shared }, backend)).toEqual([
      {
        matches: [{ path: { type: "PathPrefix", value: "/" } }],
        backendRefs: [
          { name: "a", port: 80, weight: 90 },
          { name: "b", port: 80, weight: 10 },
        ],
      },
    ]);
  });
});

it.each([
  [{ endpoint: { access: "private" as const } }, "keys"],
  [{ routing: { rules: [{ variant: "b", cookie: { name: "beta", value: "1" } }] } }, "rules on cookies"],
  [{ routing: { algorithm: "least-connections" as const } }, "the algorithm least-connections"],
  [{ routing: { affinity: { by: "ip" as const } } }, "affinity by ip"],
  [
    { routing: { rules: Array.from({ length: 16 }, () => ({ variant: "b", pathPrefix: "/v1" })) } },
    "more than 15 rules",
  ],
  [{ routing: { rules: [{ variant: "b", pathPrefix: "/a|b" }] } }, "paths with such characters"],
  [{ routing: { rules: [{ variant: "b", pathPrefix: "/a//b" }] } }, "paths with such characters"],
  [{ routing: { rules: [{ variant: "b", pathPrefix: "/a/.." }] } }, "paths with such characters"],
  [
    { routing: { rules: [{ variant: "b", query: { name: "filter[x]", value: "1" } }] } },
    "queries with such names",
  ],
])("a Gateway lacks %j", (change, lack) => {
  const plain = spec([]);
  const changed = {
    ...plain,
    ...change,
    routing: { ...plain.routing, ...("routing" in change ? change.routing : {}) },
  };
  expect(gatewayLacks(changed)).toEqual([lack]);
  expect(gatewayCan(changed)).toBe(false);
});
