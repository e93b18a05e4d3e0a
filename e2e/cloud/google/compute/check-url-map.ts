import { GoogleError, invalidValue } from "#e2e/cloud/google/google-error.ts";
import {
  isObject,
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type Json,
  type JsonObject,
} from "#e2e/cloud/google/json.ts";

/** Paths with a regular expression are for regional and internal load balancers only. */
const regexWords =
  "Regular expressions can only be used when the loadBalancingScheme is set to INTERNAL_SELF_MANAGED, EXTERNAL_MANAGED (regional scope) or INTERNAL_MANAGED.";

/**
 * Rules of URL maps that Google's documents hold only in words.
 *
 * @param global whether it is a global one; `internal` whether its backends are Traffic Director's
 * @throws GoogleError 400
 */
export function checkUrlMap(
  body: JsonObject,
  { global, internal }: { global: boolean; internal: boolean },
): void {
  if (global && !internal) refuseRegex(body, "resource");
  checkDefault(body, "resource");
  const matchers = objectsAt(body, "pathMatchers");
  checkHostRules(body, matchers);
  const names = matchers.map((matcher) => stringAt(matcher, "name"));
  for (const [index, matcher] of matchers.entries()) {
    const at = `resource.pathMatchers[${index}]`;
    if (names.indexOf(names[index]!) !== index)
      throw invalidValue(`${at}.name`, names[index], "Duplicate name.");
    checkMatcher(matcher, at);
  }
}

function refuseRegex(value: Json | undefined, at: string): void {
  if (Array.isArray(value)) value.forEach((item, index) => refuseRegex(item, `${at}[${index}]`));
  if (!isObject(value)) return;
  for (const [key, child] of Object.entries(value)) {
    if (/^regex(Match|Rewrite)$/.test(key)) throw invalidValue(`${at}.${key}`, child, regexWords);
    refuseRegex(child, `${at}.${key}`);
  }
}

function checkHostRules(body: JsonObject, matchers: JsonObject[]): void {
  const seen = new Set<string>();
  for (const [index, rule] of objectsAt(body, "hostRules").entries()) {
    const at = `resource.hostRules[${index}]`;
    const matcher = stringAt(rule, "pathMatcher");
    if (!matchers.some((each) => each.name === matcher)) {
      throw invalidValue(`${at}.pathMatcher`, matcher, "No such path matcher.");
    }
    if (stringsAt(rule, "hosts").length === 0)
      throw invalidValue(`${at}.hosts`, "", "At least one is needed.");
    for (const host of stringsAt(rule, "hosts")) {
      // A wildcard is the first character, followed by a hyphen or a dot.
      if (/\*/.test(host.slice(1)) || /^\*[^-.]/.test(host)) {
        throw invalidValue(`${at}.hosts`, host, "* must be the first character and followed by - or .");
      }
      if (seen.has(host)) throw invalidValue(`${at}.hosts`, host, "A host may be in one host rule only.");
      seen.add(host);
    }
  }
}

/** Exactly one place for what no rule matched. */
function checkDefault(holder: JsonObject, at: string): void {
  const weighted = objectsAt(objectAt(holder, "defaultRouteAction"), "weightedBackendServices");
  const set = [holder.defaultService, holder.defaultUrlRedirect, weighted.length > 0 || undefined];
  if (set.filter((each) => each !== undefined).length !== 1) {
    throw invalidValue(
      at,
      stringAt(holder, "name"),
      "Exactly one of defaultUrlRedirect, defaultService or defaultRouteAction.weightedBackendService must be set.",
    );
  }
  checkAction(objectAt(holder, "defaultRouteAction"), `${at}.defaultRouteAction`);
  checkRedirect(objectAt(holder, "defaultUrlRedirect"), `${at}.defaultUrlRedirect`);
}

function checkMatcher(matcher: JsonObject, at: string): void {
  checkDefault(matcher, at);
  const pathRules = objectsAt(matcher, "pathRules");
  const routeRules = objectsAt(matcher, "routeRules");
  if (pathRules.length > 0 && routeRules.length > 0) {
    throw invalidValue(at, matcher.name, "Only one of pathRules or routeRules must be set.");
  }
  const paths = new Set<string>();
  for (const [index, rule] of pathRules.entries()) {
    checkPaths(stringsAt(rule, "paths"), paths, `${at}.pathRules[${index}].paths`);
    checkTarget(rule, `${at}.pathRules[${index}]`);
  }
  const priorities = new Set<number>();
  for (const [index, rule] of routeRules.entries()) {
    const here = `${at}.routeRules[${index}]`;
    const priority = numberAt(rule, "priority") ?? 0;
    if (priority < 0) throw invalidValue(`${here}.priority`, priority, "Must be from 0 to 2147483647.");
    if (priorities.has(priority)) {
      throw invalidValue(
        `${here}.priority`,
        priority,
        "Two or more routeRules cannot have the same priority.",
      );
    }
    priorities.add(priority);
    checkTarget(rule, here);
    for (const [number, match] of objectsAt(rule, "matchRules").entries()) {
      checkMatch(match, `${here}.matchRules[${number}]`);
    }
  }
}

function checkPaths(paths: string[], seen: Set<string>, at: string): void {
  if (paths.length === 0) throw invalidValue(at, "", "At least one path is needed.");
  for (const path of paths) {
    // Google: each must start with / and the only place a * is allowed is at the end following a /.
    if (!/^\/[^*?#]*(?<=\/)\*$|^\/[^*?#]*$/.test(path)) throw invalidValue(at, path, "Invalid path pattern.");
    if (seen.has(path)) throw invalidValue(at, path, "A path may be in one path rule only.");
    seen.add(path);
  }
}

/** Where a rule's requests go: one of service, weighted services, redirect. */
function checkTarget(rule: JsonObject, at: string): void {
  const action = objectAt(rule, "routeAction");
  const weighted = objectsAt(action, "weightedBackendServices").length > 0 || undefined;
  const set = [rule.service, rule.urlRedirect, weighted].filter((each) => each !== undefined);
  if (set.length !== 1) {
    throw invalidValue(
      at,
      "",
      "Exactly one of urlRedirect, service or routeAction.weightedBackendServices must be set.",
    );
  }
  if (rule.urlRedirect !== undefined && rule.routeAction !== undefined) {
    throw invalidValue(`${at}.urlRedirect`, rule.urlRedirect, "routeAction cannot be set with urlRedirect.");
  }
  checkAction(action, `${at}.routeAction`);
  checkRedirect(objectAt(rule, "urlRedirect"), `${at}.urlRedirect`);
}

function checkAction(action: JsonObject, at: string): void {
  const weighted = objectsAt(action, "weightedBackendServices");
  for (const [index, each] of weighted.entries()) {
    const weight = numberAt(each, "weight") ?? 0;
    const here = `${at}.weightedBackendServices[${index}]`;
    if (weight < 0 || weight > 1000) throw invalidValue(`${here}.weight`, weight, "Must be from 0 to 1000.");
    if (stringAt(each, "backendService") === "")
      throw invalidValue(`${here}.backendService`, "", "Required.");
  }
  if (weighted.length > 0 && weighted.every((each) => numberAt(each, "weight") === 0)) {
    throw invalidValue(`${at}.weightedBackendServices`, "0", "At least one weight must be greater than 0.");
  }
  const rewrite = objectAt(action, "urlRewrite");
  checkLength(rewrite, "pathPrefixRewrite", 1024, `${at}.urlRewrite`);
  checkLength(rewrite, "hostRewrite", 255, `${at}.urlRewrite`);
  if (rewrite.pathPrefixRewrite !== undefined && rewrite.pathTemplateRewrite !== undefined) {
    throw invalidValue(
      `${at}.urlRewrite`,
      "",
      "Only one of pathPrefixRewrite or pathTemplateRewrite may be specified.",
    );
  }
}

function checkRedirect(redirect: JsonObject, at: string): void {
  if (redirect.pathRedirect !== undefined && redirect.prefixRedirect !== undefined) {
    throw invalidValue(at, "", "pathRedirect cannot be supplied together with prefixRedirect.");
  }
}

function checkLength(holder: JsonObject, field: string, most: number, at: string): void {
  const value = holder[field];
  if (value === undefined) return;
  if (typeof value !== "string" || value.length < 1 || value.length > most) {
    throw invalidValue(`${at}.${field}`, value, `The value must be from 1 to ${most} characters.`);
  }
}

const pathMatches = ["prefixMatch", "fullPathMatch", "regexMatch", "pathTemplateMatch"];
const headerMatches = [
  "exactMatch",
  "prefixMatch",
  "suffixMatch",
  "regexMatch",
  "presentMatch",
  "rangeMatch",
];

function checkMatch(match: JsonObject, at: string): void {
  requireOne(match, pathMatches, at);
  for (const field of pathMatches) checkLength(match, field, 1024, at);
  for (const field of ["prefixMatch", "fullPathMatch", "pathTemplateMatch"]) {
    const value = stringAt(match, field);
    if (value !== "" && !value.startsWith("/"))
      throw invalidValue(`${at}.${field}`, value, "Must begin with a /.");
  }
  const operators = stringAt(match, "pathTemplateMatch").match(/\{[^}]*\}|\*+/g) ?? [];
  if (operators.length > 5) {
    throw invalidValue(
      `${at}.pathTemplateMatch`,
      match.pathTemplateMatch,
      "No more than 5 operators may appear.",
    );
  }
  for (const [index, header] of objectsAt(match, "headerMatches").entries()) {
    const here = `${at}.headerMatches[${index}]`;
    if (stringAt(header, "headerName") === "") throw invalidValue(`${here}.headerName`, "", "Required.");
    requireOne(header, headerMatches, here);
  }
  for (const [index, query] of objectsAt(match, "queryParameterMatches").entries()) {
    const here = `${at}.queryParameterMatches[${index}]`;
    if (stringAt(query, "name") === "") throw invalidValue(`${here}.name`, "", "Required.");
    requireOne(query, ["presentMatch", "exactMatch", "regexMatch"], here);
  }
}

function requireOne(holder: JsonObject, names: string[], at: string): void {
  const set = names.filter((name) => holder[name] !== undefined && holder[name] !== false);
  if (set.length !== 1) {
    throw new GoogleError(
      400,
      "invalid",
      `Invalid value for field '${at}': ''. Only one of ${names.join(", ")} must be specified.`,
    );
  }
}
