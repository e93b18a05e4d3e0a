import { numberAt, objectAt, objectsAt, stringAt, type JsonObject } from "#e2e/cloud/google/json.ts";

/** A request as a load balancer sees it. Names of headers are in lower case; `target` holds path and query. */
export type Incoming = {
  method: string;
  scheme: "http" | "https";
  host: string;
  target: string;
  headers: Record<string, string | undefined>;
};

export const pathOf = ({ target }: Incoming): string => target.split(/[?#]/)[0] ?? "/";
export const queryOf = ({ target }: Incoming): string => /\?[^#]*/.exec(target)?.[0] ?? "";

/** What of the path a rule matched: a prefix rewrite replaces it. */
export type Matched = { prefix: string };

/** Whether all that a matchRule says holds. */
export function matchRule(match: JsonObject, request: Incoming): Matched | null {
  const matched = matchPath(match, pathOf(request));
  if (!matched) return null;
  if (!objectsAt(match, "headerMatches").every((each) => matchHeader(each, request))) return null;
  const query = new URLSearchParams(queryOf(request));
  return objectsAt(match, "queryParameterMatches").every((each) => matchQuery(each, query)) ? matched : null;
}

function matchPath(match: JsonObject, path: string): Matched | null {
  const folded = (text: string) => (match.ignoreCase === true ? text.toLowerCase() : text);
  const full = stringAt(match, "fullPathMatch");
  if (full !== "") return folded(path) === folded(full) ? { prefix: path } : null;
  const template = stringAt(match, "pathTemplateMatch");
  if (template !== "") return templatePattern(template).test(path) ? { prefix: path } : null;
  const prefix = stringAt(match, "prefixMatch");
  return folded(path).startsWith(folded(prefix)) ? { prefix: path.slice(0, prefix.length) } : null;
}

/** `*` is one segment, `**` any number of them, `{name}` and `{name=…}` are the same with a name. */
export function templatePattern(template: string): RegExp {
  const source = template.split(/(\{\w+(?:=[^}]*)?\}|\*\*|\*)/).map((part) => {
    const [, name, inner = "*"] = /^\{(\w+)(?:=([^}]*))?\}$/.exec(part) ?? [];
    if (name) return `(?<${name}>${wildcards(inner)})`;
    return wildcards(part);
  });
  return new RegExp(`^${source.join("")}$`);
}

function wildcards(text: string): string {
  return text
    .split(/(\*\*|\*)/)
    .map((part) =>
      part === "**" ? ".*" : part === "*" ? "[^/]+" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"),
    )
    .join("");
}

function headerOf(name: string, request: Incoming): string | undefined {
  switch (name) {
    case ":method":
      return request.method;
    case ":authority":
    case "host":
      return request.host;
    case ":path":
      return request.target;
    case ":scheme":
      return request.scheme;
    default:
      return request.headers[name];
  }
}

/** Google: inverted, it matches if the criteria are not met; so a header that isn't there matches too. */
function matchHeader(match: JsonObject, request: Incoming): boolean {
  const value = headerOf(stringAt(match, "headerName").toLowerCase(), request);
  return criteriaMet(match, value) !== (match.invertMatch === true);
}

function criteriaMet(match: JsonObject, value: string | undefined): boolean {
  if (value === undefined) return false;
  if (match.presentMatch === true) return true;
  if (typeof match.exactMatch === "string") return value === match.exactMatch;
  if (typeof match.prefixMatch === "string") return value.startsWith(match.prefixMatch);
  if (typeof match.suffixMatch === "string") return value.endsWith(match.suffixMatch);
  const range = objectAt(match, "rangeMatch");
  if (!/^-?\d+$/.test(value)) return false;
  // The end is outside: of [-5, 0), 0 is no part.
  return (
    Number(value) >= (numberAt(range, "rangeStart") ?? 0) &&
    Number(value) < (numberAt(range, "rangeEnd") ?? 0)
  );
}

function matchQuery(match: JsonObject, query: URLSearchParams): boolean {
  const values = query.getAll(stringAt(match, "name"));
  if (match.presentMatch === true) return values.length > 0;
  return values.includes(stringAt(match, "exactMatch"));
}
