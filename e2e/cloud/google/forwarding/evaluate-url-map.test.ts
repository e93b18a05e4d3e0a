import { expect, test } from "vitest";
import { evaluateUrlMap } from "#e2e/cloud/google/forwarding/evaluate-url-map.ts";
import type { Incoming } from "#e2e/cloud/google/forwarding/match-request.ts";
import type { JsonObject } from "#e2e/cloud/google/json.ts";

const request = (target: string, changed: Partial<Incoming> = {}): Incoming => ({
  method: "GET",
  scheme: "http",
  host: "a.example.com",
  target,
  headers: {},
  ...changed,
});

const matcher = (changed: JsonObject): JsonObject => ({
  defaultService: "outside",
  hostRules: [{ hosts: ["*"], pathMatcher: "p" }],
  pathMatchers: [{ name: "p", defaultService: "default", ...changed }],
});
const routes = (...rules: JsonObject[]) =>
  matcher({ routeRules: rules.map((rule, index) => ({ priority: index, ...rule })) });
const to = (map: JsonObject, from: Incoming, random = 0) => {
  const outcome = evaluateUrlMap(map, from, random);
  return outcome.kind === "service" ? outcome.service : outcome.location;
};

test("rules go by priority, whatever their order, and the default takes the rest", () => {
  const map = routes(
    { priority: 9, matchRules: [{ prefixMatch: "/" }], service: "last" },
    { priority: 2, matchRules: [{ prefixMatch: "/a" }], service: "second" },
    { priority: 1, matchRules: [{ fullPathMatch: "/a/b" }, { fullPathMatch: "/c" }], service: "first" },
  );
  expect(to(map, request("/a/b?x=1"))).toBe("first");
  expect(to(map, request("/c"))).toBe("first");
  expect(to(map, request("/a/b/c"))).toBe("second");
  expect(to(map, request("/z"))).toBe("last");
  expect(to(routes({ matchRules: [{ prefixMatch: "/a" }], service: "a" }), request("/z"))).toBe("default");
});

test.each<[string, JsonObject, Partial<Incoming>, boolean]>([
  [
    "the exact value",
    { headerName: "X-Variant", exactMatch: "canary" },
    { headers: { "x-variant": "canary" } },
    true,
  ],
  [
    "another value",
    { headerName: "X-Variant", exactMatch: "canary" },
    { headers: { "x-variant": "Canary" } },
    false,
  ],
  ["a header that isn't there", { headerName: "x", exactMatch: "a" }, {}, false],
  ["a header that isn't there, inverted", { headerName: "x", exactMatch: "a", invertMatch: true }, {}, true],
  [
    "the exact value, inverted",
    { headerName: "x", exactMatch: "a", invertMatch: true },
    { headers: { x: "a" } },
    false,
  ],
  ["a header that is there", { headerName: "x", presentMatch: true }, { headers: { x: "" } }, true],
  ["a prefix", { headerName: "x", prefixMatch: "ab" }, { headers: { x: "abc" } }, true],
  ["a suffix", { headerName: "x", suffixMatch: "bc" }, { headers: { x: "abc" } }, true],
  [
    "a number in the range",
    { headerName: "x", rangeMatch: { rangeStart: "-5", rangeEnd: "0" } },
    { headers: { x: "-3" } },
    true,
  ],
  [
    "the end of the range",
    { headerName: "x", rangeMatch: { rangeStart: "-5", rangeEnd: "0" } },
    { headers: { x: "0" } },
    false,
  ],
  ["the method", { headerName: ":method", exactMatch: "POST" }, { method: "POST" }, true],
  ["another method", { headerName: ":method", exactMatch: "POST" }, {}, false],
])("a header match: %s", (_what, headerMatch, changed, matches) => {
  const map = routes({ matchRules: [{ prefixMatch: "/", headerMatches: [headerMatch] }], service: "rule" });
  expect(to(map, request("/", changed))).toBe(matches ? "rule" : "default");
});

test("query parameters match by presence and value, all of them", () => {
  const both = [
    { name: "v", exactMatch: "2" },
    { name: "debug", presentMatch: true },
  ];
  const map = routes({ matchRules: [{ prefixMatch: "/", queryParameterMatches: both }], service: "rule" });
  expect(to(map, request("/?v=2&debug"))).toBe("rule");
  expect(to(map, request("/?v=2"))).toBe("default");
  expect(to(map, request("/?v=3&debug"))).toBe("default");
});

test("path rules go by the longest path, and a wildcard needs its slash", () => {
  const rule = (service: string, ...paths: string[]) => ({ service, paths });
  const map = matcher({
    pathRules: [rule("a", "/a/*"), rule("ab", "/a/b/*"), rule("exact", "/a/b/c"), rule("bare", "/a")],
  });
  expect(["/a", "/a/", "/a/x", "/a/b/x", "/a/b/c", "/b"].map((path) => to(map, request(path)))).toEqual([
    "bare",
    "a",
    "a",
    "ab",
    "exact",
    "default",
  ]);
});

test("a host in full wins over a wildcard, the longer wildcard over the shorter", () => {
  const hosts = ["*", "*.example.com", "*-b.example.com", "a.example.com", "d.example.com:8080"];
  const map: JsonObject = {
    defaultService: "outside",
    hostRules: hosts.map((host, index) => ({ hosts: [host], pathMatcher: `p${index}` })),
    pathMatchers: hosts.map((host, index) => ({ name: `p${index}`, defaultService: host })),
  };
  const at = (host: string) => to(map, request("/", { host }));
  expect(
    [
      "a.example.com",
      "A.Example.com:8080",
      "x.example.com",
      "x-b.example.com",
      "d.example.com:8080",
      "other.com",
    ].map(at),
  ).toEqual([
    "a.example.com",
    "a.example.com",
    "*.example.com",
    "*-b.example.com",
    "d.example.com:8080",
    "*",
  ]);
  expect(to({ ...map, hostRules: [] }, request("/"))).toBe("outside");
});

test("weights share the requests among services", () => {
  const weightedBackendServices = [
    { backendService: "stable", weight: 90 },
    { backendService: "canary", weight: 10 },
    { backendService: "off", weight: 0 },
  ];
  const map = routes({ matchRules: [{ prefixMatch: "/" }], routeAction: { weightedBackendServices } });
  const counts: Record<string, number> = {};
  for (let step = 0; step < 1000; step++) {
    const service = to(map, request("/"), step / 1000);
    counts[service] = (counts[service] ?? 0) + 1;
  }
  expect(counts).toEqual({ stable: 900, canary: 100 });
});

test("paths and hosts are rewritten, the query stays", () => {
  const rewritten = (match: JsonObject, urlRewrite: JsonObject, target: string) => {
    const map = routes({ matchRules: [match], service: "a", routeAction: { urlRewrite } });
    const outcome = evaluateUrlMap(map, request(target), 0);
    return outcome.kind === "service" ? `${outcome.host} ${outcome.target}` : "";
  };
  expect(rewritten({ prefixMatch: "/static/" }, { pathPrefixRewrite: "/" }, "/static/a.css?v=1")).toBe(
    "a.example.com /a.css?v=1",
  );
  expect(rewritten({ fullPathMatch: "/x" }, { pathPrefixRewrite: "/y", hostRewrite: "b" }, "/x")).toBe(
    "b /y",
  );
  const template = { pathTemplateMatch: "/{country}/{rest=**}" };
  expect(rewritten(template, { pathTemplateRewrite: "/c/{rest}/{country}" }, "/de/a/b?q")).toBe(
    "a.example.com /c/a/b/de?q",
  );
  expect(rewritten({ pathTemplateMatch: "/a/*/c" }, {}, "/a/b/c")).toBe("a.example.com /a/b/c");
});

test("redirects keep what they don't change", () => {
  const redirected = (defaultUrlRedirect: JsonObject, from: Incoming) =>
    evaluateUrlMap({ defaultUrlRedirect }, from, 0);
  expect(redirected({ httpsRedirect: true }, request("/a?b=c", { host: "m.example.com:80" }))).toEqual({
    kind: "redirect",
    status: 301,
    location: "https://m.example.com/a?b=c",
  });
  const away = {
    hostRedirect: "b.com",
    pathRedirect: "/new",
    stripQuery: true,
    redirectResponseCode: "FOUND",
  };
  expect(redirected(away, request("/a?b=c"))).toEqual({
    kind: "redirect",
    status: 302,
    location: "http://b.com/new",
  });
});
