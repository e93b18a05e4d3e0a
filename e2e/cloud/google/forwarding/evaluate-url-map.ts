import {
  matchRule,
  pathOf,
  queryOf,
  templatePattern,
  type Incoming,
  type Matched,
} from "#e2e/cloud/google/forwarding/match-request.ts";
import {
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from "#e2e/cloud/google/json.ts";

/** Where a request goes. */
export type Outcome =
  | { kind: "redirect"; status: number; location: string }
  | {
      kind: "service";
      /** URL of a backend service or backend bucket. */
      service: string;
      host: string;
      /** Path and query, rewritten. */
      target: string;
      /** Changes to headers, in the order in which Google applies them. */
      headerActions: JsonObject[];
    };

/** A rule, or the default of a path matcher or of the whole map, in one shape. */
type Route = { service: string; action: JsonObject; redirect: JsonObject | null; headers: JsonObject };

/**
 * Routes a request by a URL map as Google documents it (the schemas UrlMap, PathMatcher, HttpRouteRule, …).
 *
 * @param random from 0 up to 1, which picks among weighted services
 */
export function evaluateUrlMap(map: JsonObject, request: Incoming, random: number): Outcome {
  const matcher = findMatcher(map, request.host);
  const rule = matcher && findRule(matcher, request);
  const route = rule?.route ?? defaultOf(matcher ?? map);
  // Of what no rule matched, the slash is the part that all paths have in common.
  const matched = rule?.matched ?? { prefix: "/" };
  if (route.redirect) return redirect(route.redirect, request, matched);
  const weighted = pickWeighted(objectsAt(route.action, "weightedBackendServices"), random);
  const rewrite = objectAt(route.action, "urlRewrite");
  const enclosing = matcher ? [objectAt(matcher, "headerAction")] : [];
  return {
    kind: "service",
    service: weighted ? stringAt(weighted, "backendService") : route.service,
    host: stringAt(rewrite, "hostRewrite") || request.host,
    target: rewritten(rewrite, request, matched, rule?.template ?? ""),
    headerActions: [
      objectAt(weighted ?? {}, "headerAction"),
      route.headers,
      ...enclosing,
      objectAt(map, "headerAction"),
    ],
  };
}

/** A host in full wins over a wildcard, a longer wildcard over a shorter one. */
function findMatcher(map: JsonObject, host: string): JsonObject | undefined {
  const name = host.toLowerCase();
  const bare = name.replace(/:\d+$/, "");
  const found = objectsAt(map, "hostRules")
    .flatMap((rule) => stringsAt(rule, "hosts").map((pattern) => ({ pattern: pattern.toLowerCase(), rule })))
    .filter(({ pattern }) => {
      const whole = /:\d+$/.test(pattern) ? name : bare;
      return pattern.startsWith("*") ? whole.endsWith(pattern.slice(1)) : whole === pattern;
    })
    .sort(
      (a, b) =>
        Number(a.pattern.startsWith("*")) - Number(b.pattern.startsWith("*")) ||
        b.pattern.length - a.pattern.length,
    );
  const wanted = found[0]?.rule.pathMatcher;
  return objectsAt(map, "pathMatchers").find((each) => each.name === wanted);
}

type Rule = { route: Route; matched: Matched; template: string };

function findRule(matcher: JsonObject, request: Incoming): Rule | null {
  const byPriority = objectsAt(matcher, "routeRules").toSorted(
    (a, b) => (numberAt(a, "priority") ?? 0) - (numberAt(b, "priority") ?? 0),
  );
  for (const rule of byPriority) {
    // Any of the matchRules will do.
    for (const match of objectsAt(rule, "matchRules")) {
      const matched = matchRule(match, request);
      if (matched) return { route: routeOf(rule), matched, template: stringAt(match, "pathTemplateMatch") };
    }
  }
  return findPathRule(matcher, pathOf(request));
}

/** The longest path first; one without a wildcard before one of its length with it. */
function findPathRule(matcher: JsonObject, path: string): Rule | null {
  const all = objectsAt(matcher, "pathRules").flatMap((rule) =>
    stringsAt(rule, "paths").map((text) => ({ rule, text })),
  );
  const found = all
    .filter(({ text }) => (text.endsWith("/*") ? path.startsWith(text.slice(0, -1)) : path === text))
    .sort((a, b) => lengthOf(b.text) - lengthOf(a.text))[0];
  if (!found) return null;
  return { route: routeOf(found.rule), matched: { prefix: found.text.replace(/\*$/, "") }, template: "" };
}

/** A wildcard counts for nothing, and for less than the same path in full. */
const lengthOf = (text: string) => text.length - (text.endsWith("*") ? 1.5 : 0);

const redirectIn = (value: JsonObject[string]): JsonObject | null =>
  value === undefined ? null : objectAt({ value }, "value");

const routeOf = (rule: JsonObject): Route => ({
  service: stringAt(rule, "service"),
  action: objectAt(rule, "routeAction"),
  redirect: redirectIn(rule.urlRedirect),
  headers: objectAt(rule, "headerAction"),
});

const defaultOf = (holder: JsonObject): Route => ({
  service: stringAt(holder, "defaultService"),
  action: objectAt(holder, "defaultRouteAction"),
  redirect: redirectIn(holder.defaultUrlRedirect),
  headers: {},
});

/** Each gets its weight's share of all weights. */
function pickWeighted(services: JsonObject[], random: number): JsonObject | undefined {
  const weights = services.map((each) => numberAt(each, "weight") ?? 0);
  let left = random * weights.reduce((sum, weight) => sum + weight, 0);
  return services.find((_, index) => (left -= weights[index]!) < 0);
}

function rewritten(rewrite: JsonObject, request: Incoming, matched: Matched, template: string): string {
  const path = pathOf(request);
  const byTemplate = stringAt(rewrite, "pathTemplateRewrite");
  if (byTemplate !== "") {
    const variables = templatePattern(template).exec(path)?.groups ?? {};
    return byTemplate.replace(/\{(\w+)\}/g, (_, name: string) => variables[name] ?? "") + queryOf(request);
  }
  const prefix = stringAt(rewrite, "pathPrefixRewrite");
  return (prefix === "" ? path : prefix + path.slice(matched.prefix.length)) + queryOf(request);
}

const codes: Record<string, number> = {
  FOUND: 302,
  SEE_OTHER: 303,
  TEMPORARY_REDIRECT: 307,
  PERMANENT_REDIRECT: 308,
};

function redirect(action: JsonObject, request: Incoming, matched: Matched): Outcome {
  const path = pathOf(request);
  const prefix = stringAt(action, "prefixRedirect");
  const wanted =
    stringAt(action, "pathRedirect") || (prefix === "" ? path : prefix + path.slice(matched.prefix.length));
  const toHttps = action.httpsRedirect === true;
  const scheme = toHttps ? "https" : request.scheme;
  // The port of plain HTTP isn't HTTPS's.
  const host =
    stringAt(action, "hostRedirect") || (toHttps ? request.host.replace(/:\d+$/, "") : request.host);
  const query = action.stripQuery === true ? "" : queryOf(request);
  const status = codes[stringAt(action, "redirectResponseCode")] ?? 301;
  return { kind: "redirect", status, location: `${scheme}://${host}${wanted}${query}` };
}
