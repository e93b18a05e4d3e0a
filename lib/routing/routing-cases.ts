import type { Affinity, Algorithm, Rule } from "#lib/deployments/spec.ts";

/**
 * What a request gets, written once for every load balancer: the model of choose-variant.ts, HAProxy on this
 * machine and in a cluster, and a Gateway's controller are all held to it. `check-routing.ts` sends the requests.
 */
export type RoutingSet = {
  name: string;
  access: "private" | "open";
  weights: Record<string, number>;
  rules: Rule[];
  algorithm: Algorithm;
  affinity: Affinity;
  /** replicas of each variant */
  replicas: number;
  /** HTTPS, and HTTP redirected to it */
  secure: boolean;
  exchanges: Exchange[];
  /** that many requests are shared as the weights say */
  shared?: number;
  /** that many clients each come back to their replica */
  clients?: number;
};

export type Exchange = {
  name: string;
  target: string;
  method?: "GET" | "POST" | "DELETE";
  headers?: Record<string, string>;
  /** with a key of the endpoint, or with one that isn't */
  key?: "right" | "wrong";
  /** to the port for HTTP instead */
  overHttp?: true;
  expected: { variant: string } | { status: number; code: string } | { redirectedTo: string };
  /** the Gateway API leaves it to the controller */
  openToGateways?: true;
};

const plain = {
  access: "open",
  rules: [] as Rule[],
  algorithm: "round-robin",
  affinity: { by: "none" },
  replicas: 1,
  secure: false,
  exchanges: [] as Exchange[],
} as const;

const to = (variant: string) => ({ variant });
const odd = `it's a "test" \\ $HOME #no } {`;

/** Without a rule everything goes to a, which has all the weight. */
const allToA = { a: 100, b: 0, c: 0, d: 0 };

/** What a Gateway can do too: the first rule that matches is the most specific one. */
const gatewayRules: RoutingSet = {
  ...plain,
  name: "rules on path, method, header and query",
  weights: allToA,
  rules: [
    { variant: "b", pathPrefix: "/v2/deep", method: "DELETE" },
    { variant: "b", pathPrefix: "/v2", header: { name: "x-tier", value: "gold" } },
    { variant: "c", pathPrefix: "/v2/" },
    { variant: "d", header: { name: "X-Odd", value: odd } },
    { variant: "d", query: { name: "plan", value: "a b&c=d" } },
  ],
  exchanges: [
    { name: "an unknown route", target: "/", expected: to("a") },
    { name: "path and method", target: "/v2/deep/x", method: "DELETE", expected: to("b") },
    { name: "another method", target: "/v2/deep/x", method: "POST", expected: to("c") },
    { name: "path and header", target: "/v2/x", headers: { "x-tier": "gold" }, expected: to("b") },
    { name: "one of two conditions", target: "/v3", headers: { "x-tier": "gold" }, expected: to("a") },
    { name: "another value", target: "/v2/x", headers: { "x-tier": "golden" }, expected: to("c") },
    { name: "the prefix itself", target: "/v2", expected: to("c") },
    { name: "the prefix with a query", target: "/v2?x=1", expected: to("c") },
    { name: "below the prefix", target: "/v2/predict", expected: to("c") },
    { name: "a longer word", target: "/v22", expected: to("a") },
    { name: "another case", target: "/V2", expected: to("a") },
    {
      name: "a header with every special character",
      target: "/",
      headers: { "x-odd": odd },
      expected: to("d"),
    },
    { name: "a query, decoded", target: "/x?other=1&plan=a%20b%26c%3Dd", expected: to("d") },
    { name: "a query with a plus", target: "/x?plan=a+b%26c%3Dd", expected: to("d") },
    {
      name: "the second of two",
      target: "/x?plan=no&plan=a%20b%26c%3Dd",
      expected: to("d"),
      openToGateways: true,
    },
    { name: "a query in the path", target: "/plan=a%20b%26c%3Dd", expected: to("a") },
  ],
};

/** The first rule wins, whatever is more specific; and everything that a rule can hold. */
const allRules: RoutingSet = {
  ...plain,
  name: "rules in their order, cookies, odd names",
  weights: allToA,
  rules: [
    { variant: "b", method: "DELETE" },
    { variant: "b", pathPrefix: "/v2", header: { name: "x-tier", value: "gold" } },
    { variant: "c", pathPrefix: "/v2/" },
    { variant: "d", header: { name: "X-Odd", value: odd } },
    { variant: "b", header: { name: "x-'`|~", value: "%[src]" } },
    { variant: "c", cookie: { name: "beta", value: "yes=please" } },
    { variant: "d", query: { name: "plan", value: "a b&c=d" } },
    { variant: "b", query: { name: "it's (odd), isn't it", value: "-i" } },
    { variant: "c", header: { name: "accept", value: "--" } },
  ],
  exchanges: [
    { name: "the first of two that match", target: "/v2", method: "DELETE", expected: to("b") },
    { name: "a header's odd name", target: "/", headers: { "x-'`|~": "%[src]" }, expected: to("b") },
    { name: "a value like an option", target: "/", headers: { accept: "--" }, expected: to("c") },
    { name: "a cookie", target: "/", headers: { cookie: "a=1; beta=yes=please; z=2" }, expected: to("c") },
    {
      name: "a cookie behind a comma",
      target: "/",
      headers: { cookie: "beta=yes=please,z=2" },
      expected: to("c"),
    },
    { name: "a cookie's other value", target: "/", headers: { cookie: "beta=yes" }, expected: to("a") },
    {
      name: "a query's odd name",
      target: `/x?${encodeURIComponent("it's (odd), isn't it")}=-i`,
      expected: to("b"),
    },
  ],
};

const noWeights: RoutingSet = {
  ...plain,
  name: "a route that nothing takes",
  weights: { a: 0 },
  algorithm: "least-connections",
  rules: [{ variant: "a", pathPrefix: "/a" }],
  exchanges: [
    { name: "taken by a rule", target: "/a", expected: to("a") },
    { name: "refused with a reason", target: "/b", expected: { status: 503, code: "unavailable" } },
  ],
};

const keys: RoutingSet = {
  ...plain,
  name: "a private endpoint",
  access: "private",
  weights: { a: 100 },
  exchanges: [
    { name: "without a key", target: "/", expected: { status: 401, code: "unauthenticated" } },
    {
      name: "with another's key",
      target: "/",
      key: "wrong",
      expected: { status: 401, code: "unauthenticated" },
    },
    { name: "with its key", target: "/", key: "right", expected: to("a") },
  ],
};

const redirect: RoutingSet = {
  ...plain,
  name: "HTTPS, and HTTP redirected to it",
  secure: true,
  weights: { a: 100 },
  exchanges: [
    { name: "by HTTPS", target: "/x", expected: to("a") },
    { name: "by HTTP", target: "/x?y=1&z", overHttp: true, expected: { redirectedTo: "/x?y=1&z" } },
    {
      name: "a POST by HTTP",
      target: "/x",
      method: "POST",
      overHttp: true,
      expected: { redirectedTo: "/x" },
    },
  ],
};

const halves = { a: 50, b: 50 };

export const routingSets: readonly RoutingSet[] = [
  gatewayRules,
  allRules,
  noWeights,
  { ...plain, name: "weights", weights: { a: 70, b: 25, c: 5 }, shared: 1_000 },
  {
    ...plain,
    name: "affinity by cookie",
    weights: halves,
    replicas: 2,
    affinity: { by: "cookie" },
    clients: 8,
  },
  {
    ...plain,
    name: "affinity by header",
    weights: halves,
    replicas: 2,
    affinity: { by: "header", header: "x-user" },
    clients: 20,
  },
  { ...plain, name: "affinity by address", weights: halves, replicas: 2, affinity: { by: "ip" }, clients: 1 },
  keys,
  redirect,
];
