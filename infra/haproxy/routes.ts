import type { Rule } from "#lib/deployments/spec.ts";
import { prefixOf, type Routing } from "#lib/routing/choose-variant.ts";
import { backendName } from "#infra/haproxy/names.ts";
import { quote, quoteArgument } from "#infra/haproxy/quote.ts";

/** How a request that sticks by cookie shows its variant: a condition for `use_backend`. */
export type AffinityCookies = (variant: string) => string;

/** A frontend's lines that choose the variant, in the order of lib/routing/choose-variant.ts. */
export function routeLines(routing: Routing, cookies: AffinityCookies): string[] {
  const to = (variant: string) => backendName(routing.deploymentId, variant);
  const total = routing.weights.reduce((sum, { weight }) => sum + weight, 0);
  const lines = routing.rules.flatMap((rule, index) => {
    const acls = ruleAcls(rule, `rule${index}`);
    const names = [...new Set(acls.map((acl) => acl.name))];
    return [
      ...acls.map((acl) => `  acl ${acl.name} ${acl.test}`),
      `  use_backend ${to(rule.variant)} if ${names.join(" ")}`,
    ];
  });
  // Without weights a request that no rule takes gets 503: the frontend has no default backend.
  if (total === 0) return lines;
  const weighted = routing.weights.filter(({ weight }) => weight > 0);
  return [
    ...rollLines(routing, total),
    ...lines,
    ...(routing.affinity.by === "cookie"
      ? weighted.map(({ variant }) => `  use_backend ${to(variant)} if ${cookies(variant)}`)
      : []),
    ...weightLines(weighted, to),
  ];
}

/** The same for connections, of which only the address is known: rules, cookies and headers can't be asked for. */
export function tcpRouteLines({ deploymentId, weights, affinity }: Routing): string[] {
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return [];
  const roll = affinity.by === "ip" ? `src,crc32,mod(${total})` : `rand(${total})`;
  return [
    `  tcp-request content set-var(txn.roll) ${roll}`,
    ...weightLines(
      weights.filter(({ weight }) => weight > 0),
      (variant) => backendName(deploymentId, variant),
    ),
  ];
}

function ruleAcls(rule: Rule, name: string): { name: string; test: string }[] {
  const acls: { name: string; test: string }[] = [];
  const add = (part: string, test: string) => acls.push({ name: `${name}_${part}`, test });
  if (rule.method) add("method", `method ${rule.method}`);
  if (rule.pathPrefix) {
    const { exact, below } = prefixOf(rule.pathPrefix);
    // Lines of one name: either holds.
    add("path", `path -m str -- ${quote(exact)}`);
    add("path", `path -m beg -- ${quote(below)}`);
  }
  if (rule.header) add("header", equals(`req.fhdr(${quoteArgument(rule.header.name)})`, rule.header.value));
  if (rule.cookie) add("cookie", equals(`req.cook(${quoteArgument(rule.cookie.name)})`, rule.cookie.value));
  if (rule.query) {
    for (const sent of sentNames(rule.query.name)) {
      add("query", equals(`url_param(${quoteArgument(sent)}),url_dec(1)`, rule.query.value));
    }
  }
  return acls;
}

/** A parameter's name as clients send it: HAProxy compares names as they are, and clients don't all escape alike. */
function sentNames(name: string): Set<string> {
  const escaped = encodeURIComponent(name);
  const strict = escaped.replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const url = escaped.replaceAll("'", "%27");
  const form = new URLSearchParams([[name, ""]]).toString().slice(0, -1);
  return new Set([escaped, url, strict, form]);
}

function equals(fetch: string, value: string): string {
  return `${quote(fetch)} -m str -- ${quote(value)}`;
}

/** Where a client sticks by header or address, the same number each time; else a random one. */
function rollLines({ affinity }: Routing, total: number): string[] {
  const random = `  http-request set-var(txn.roll) rand(${total})`;
  switch (affinity.by) {
    case "none":
    case "cookie":
      return [random];
    case "ip":
      return [`  http-request set-var(txn.roll) src,crc32,mod(${total})`];
    case "header": {
      const header = `req.fhdr(${quoteArgument(affinity.header)})`;
      return [
        random,
        `  http-request set-var(txn.roll) ${quote(`${header},crc32,mod(${total})`)} if { ${quote(header)} -m len gt 0 }`,
      ];
    }
  }
}

type Weighted = { variant: string; weight: number }[];

function weightLines(weights: Weighted, to: (variant: string) => string): string[] {
  let upTo = 0;
  return weights.map(({ variant, weight }, index) => {
    upTo += weight;
    if (index === weights.length - 1) return `  default_backend ${to(variant)}`;
    return `  use_backend ${to(variant)} if { var(txn.roll) -m int lt ${upTo} }`;
  });
}
