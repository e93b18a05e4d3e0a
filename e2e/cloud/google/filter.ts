import { invalid } from "#e2e/cloud/google/google-error.ts";
import { isObject, type Json, type JsonObject } from "#e2e/cloud/google/json.ts";

type Matches = (object: JsonObject) => boolean;

const token =
  /\s*(\(|\)|AND\b|OR\b|NOT\b|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|!=|>=|<=|=~|[=<>:]|[^\s()=<>:!"']+)/y;

/**
 * Understands what the lists of Compute, Monitoring and Logging are filtered by, as far as comparisons joined
 * by AND and parentheses go; comparisons side by side are joined too.
 *
 * @throws GoogleError 400 for what isn't understood, so that no filter is passed over
 */
export function compileFilter(text: string): Matches {
  const tokens = tokensOf(text);
  let at = 0;
  const conjunction = (): Matches => {
    const parts: Matches[] = [];
    while (at < tokens.length && tokens[at] !== ")") {
      if (tokens[at] === "AND") at += 1;
      else parts.push(term());
    }
    return (object) => parts.every((each) => each(object));
  };
  const term = (): Matches => {
    if (tokens[at] !== "(") return comparison();
    at += 1;
    const inner = conjunction();
    if (tokens[at] !== ")") throw invalidFilter(text);
    at += 1;
    return inner;
  };
  const comparison = (): Matches => {
    const [field = "", operator = "", raw = ""] = tokens.slice(at, at + 3);
    at += 3;
    const test = operators[operator];
    if (!test || /^(OR|NOT|\))$/.test(field) || raw === "" || tokens[at] === "OR") throw invalidFilter(text);
    const wanted = unquoted(raw);
    return (object) => test(textAt(object, field.split(".").map(unquoted)), wanted);
  };
  const matches = conjunction();
  if (at < tokens.length) throw invalidFilter(text);
  return matches;
}

const operators: Record<string, (value: string | null, wanted: string) => boolean> = {
  "=": (value, wanted) => value === wanted,
  "!=": (value, wanted) => value !== wanted,
  ">=": (value, wanted) => value !== null && value >= wanted,
  "<=": (value, wanted) => value !== null && value <= wanted,
  ">": (value, wanted) => value !== null && value > wanted,
  "<": (value, wanted) => value !== null && value < wanted,
  // "Has": `*` asks for any value.
  ":": (value, wanted) => value !== null && (wanted === "*" || value.includes(wanted.replace(/\*$/, ""))),
  eq: (value, wanted) => value !== null && new RegExp(`^(?:${wanted})$`).test(value),
  ne: (value, wanted) => value === null || !new RegExp(`^(?:${wanted})$`).test(value),
  "=~": (value, wanted) => value !== null && new RegExp(wanted).test(value),
};

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const found = token.exec(text);
    if (!found) throw invalidFilter(text);
    tokens.push(found[1]!);
  }
  return tokens;
}

const unquoted = (raw: string) => (/^["']/.test(raw) ? raw.slice(1, -1).replace(/\\(.)/g, "$1") : raw);

function textAt(object: JsonObject, path: string[]): string | null {
  let value: Json | undefined = object;
  for (const [index, name] of path.entries()) {
    if (!isObject(value)) return null;
    // A label's name may hold dots.
    const rest = path.slice(index).join(".");
    if (typeof value[rest] === "string") return value[rest];
    value = value[name];
  }
  return value === undefined || value === null || typeof value === "object" ? null : String(value);
}

const invalidFilter = (text: string) =>
  invalid(`Invalid value for field 'filter': '${text}'. Invalid list filter expression.`);
