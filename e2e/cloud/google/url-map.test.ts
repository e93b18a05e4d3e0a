import { expect, test } from "vitest";
import { checkUrlMap } from "#e2e/cloud/google/compute/check-url-map.ts";
import type { JsonObject } from "#e2e/cloud/google/json.ts";

const rule = (changed: JsonObject = {}): JsonObject => ({
  priority: 1,
  matchRules: [{ prefixMatch: "/" }],
  service: "a",
  ...changed,
});
const map = (matcher: JsonObject, changed: JsonObject = {}): JsonObject => ({
  name: "m",
  defaultService: "a",
  hostRules: [{ hosts: ["*"], pathMatcher: "p" }],
  pathMatchers: [{ name: "p", defaultService: "a", ...matcher }],
  ...changed,
});
const routes = (...routeRules: JsonObject[]) => map({ routeRules });
const matching = (match: JsonObject) => routes(rule({ matchRules: [match] }));
const external = { global: true, internal: false };

test.each([
  ["a regular expression for the path", matching({ regexMatch: "/a.*" }), /Regular expressions can only/],
  [
    "a regular expression for a header",
    matching({ prefixMatch: "/", headerMatches: [{ headerName: "x", regexMatch: "a" }] }),
    /Regular expressions can only/,
  ],
  ["two rules of one priority", routes(rule(), rule()), /same priority/],
  ["a negative priority", routes(rule({ priority: -1 })), /from 0 to 2147483647/],
  [
    "path rules with route rules",
    map({ pathRules: [{ paths: ["/a"], service: "a" }], routeRules: [rule()] }),
    /Only one of pathRules or routeRules/,
  ],
  [
    "two kinds of path in a match",
    matching({ prefixMatch: "/", fullPathMatch: "/a" }),
    /Only one of prefixMatch/,
  ],
  [
    "no kind of path in a match",
    matching({ headerMatches: [{ headerName: "x", exactMatch: "a" }] }),
    /Only one of prefixMatch/,
  ],
  ["a prefix without its slash", matching({ prefixMatch: "a" }), /Must begin with a \//],
  ["a template of six parts", matching({ pathTemplateMatch: "/*/*/*/*/*/*" }), /No more than 5/],
  [
    "a header match of two kinds",
    matching({ prefixMatch: "/", headerMatches: [{ headerName: "x", exactMatch: "a", presentMatch: true }] }),
    /Only one of exactMatch/,
  ],
  [
    "a header match without a name",
    matching({ prefixMatch: "/", headerMatches: [{ exactMatch: "a" }] }),
    /headerName.*Required/,
  ],
  ["a rule that leads nowhere", routes(rule({ service: undefined })), /Exactly one of urlRedirect, service/],
  [
    "a rule that leads to two places",
    routes(rule({ urlRedirect: { httpsRedirect: true } })),
    /Exactly one of urlRedirect, service/,
  ],
  [
    "a weight above 1000",
    routes(
      rule({
        service: undefined,
        routeAction: { weightedBackendServices: [{ backendService: "a", weight: 1001 }] },
      }),
    ),
    /from 0 to 1000/,
  ],
  [
    "a host rule without its matcher",
    map({}, { hostRules: [{ hosts: ["*"], pathMatcher: "other" }] }),
    /No such path matcher/,
  ],
  [
    "one host in two rules",
    map(
      {},
      {
        hostRules: [
          { hosts: ["a.com"], pathMatcher: "p" },
          { hosts: ["a.com"], pathMatcher: "p" },
        ],
      },
    ),
    /one host rule only/,
  ],
  [
    "a wildcard inside a host",
    map({}, { hostRules: [{ hosts: ["a.*.com"], pathMatcher: "p" }] }),
    /must be the first character/,
  ],
  [
    "a wildcard inside a path",
    map({ pathRules: [{ paths: ["/a*"], service: "a" }] }),
    /Invalid path pattern/,
  ],
  ["no default", map({}, { defaultService: undefined }), /Exactly one of defaultUrlRedirect/],
  [
    "a redirect to two paths",
    map({}, { defaultService: undefined, defaultUrlRedirect: { pathRedirect: "/a", prefixRedirect: "/b" } }),
    /cannot be supplied together/,
  ],
  [
    "an empty rewrite",
    routes(rule({ routeAction: { urlRewrite: { pathPrefixRewrite: "" } } })),
    /from 1 to 1024/,
  ],
])("refuses %s", (_what, body, message) => {
  expect(() => checkUrlMap(body, external)).toThrow(message);
});

test("takes what Google takes", () => {
  const weighted = {
    service: undefined,
    routeAction: {
      weightedBackendServices: [
        { backendService: "a", weight: 90 },
        { backendService: "b", weight: 10 },
      ],
    },
  };
  const rewritten = rule({ priority: 7, routeAction: { urlRewrite: { pathPrefixRewrite: "/" } } });
  expect(() =>
    checkUrlMap(routes(rule(), rule({ priority: 2, ...weighted }), rewritten), external),
  ).not.toThrow();
  expect(() =>
    checkUrlMap(map({ pathRules: [{ paths: ["/a", "/a/*"], service: "a" }] }), external),
  ).not.toThrow();
  const redirect = {
    name: "m",
    defaultUrlRedirect: { httpsRedirect: true, redirectResponseCode: "MOVED_PERMANENTLY_DEFAULT" },
  };
  expect(() => checkUrlMap(redirect, external)).not.toThrow();
  // Internal and regional load balancers know regular expressions.
  expect(() => checkUrlMap(matching({ regexMatch: "/a.*" }), { global: true, internal: true })).not.toThrow();
  expect(() =>
    checkUrlMap(matching({ regexMatch: "/a.*" }), { global: false, internal: false }),
  ).not.toThrow();
});
