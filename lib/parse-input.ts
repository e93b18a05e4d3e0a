import * as z from "zod";
import { SluiceError, type FieldError } from "#lib/errors.ts";

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

/**
 * Reads what a caller sent.
 *
 * @throws SluiceError `invalid` with every problem at its field, in plain words
 */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input, { error: plainWords });
  if (!result.success)
    throw invalid(input === undefined ? [nothingSent(schema)] : fieldErrors(result.error.issues));
  const problems = notText(result.data, []);
  if (problems.length > 0) throw invalid(problems);
  return result.data;
}

/**
 * As `parseInput`, but fields that the schema doesn't know are left out and told beside it, so that they hide nothing
 * that the caller checks afterwards.
 *
 * @throws SluiceError `invalid` where anything else is wrong too
 */
export function parseKnown<S extends z.ZodType>(
  schema: S,
  input: unknown,
): { known: z.output<S>; strangers: FieldError[] } {
  const issues = schema.safeParse(input).error?.issues ?? [];
  const unknown = issues.filter((issue) => issue.code === "unrecognized_keys");
  if (unknown.length === 0 || unknown.length < issues.length)
    return { known: parseInput(schema, input), strangers: [] };
  const rest: unknown = structuredClone(input);
  for (const { path, keys } of unknown) {
    const holder = path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown>)[key], rest);
    for (const key of keys) delete (holder as Record<string, unknown>)[key];
  }
  return { known: parseInput(schema, rest), strangers: fieldErrors(unknown) };
}

/** What is to be sent where nothing was, by what an empty object lacks. */
function nothingSent(schema: z.ZodType): FieldError {
  const lacking = fieldErrors(schema.safeParse({}).error?.issues ?? []).map(({ field }) => field);
  const names = [...new Set(lacking)].filter((name) => name !== "").map((name) => `"${name}"`);
  const fields = names.length > 0 ? ` with ${new Intl.ListFormat("en").format(names)}` : "";
  return { field: "", message: `Send a JSON body: an object${fields}.` };
}

/** What no process, header or database takes as text, wherever it stands: zero bytes and halves of a character. */
function notText(value: unknown, path: string[]): FieldError[] {
  if (typeof value === "string") {
    if (isText(value)) return [];
    return [{ field: path.join("."), message: "It holds a zero byte or half a character: not text." }];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => notText(inner, [...path, key]));
}

export function isText(value: string): boolean {
  return value.isWellFormed() && !value.includes("\0");
}

/** The error for problems with what was sent; its sentence repeats the problem where only one field has any. */
export function invalid(fields: FieldError[]): SluiceError {
  const [first] = fields;
  const wrong = new Set(fields.map(({ field }) => field)).size;
  const message =
    wrong === 1 && first
      ? `${first.field ? `${first.field}: ` : ""}${first.message}`
      : `${wrong} fields need a change.`;
  return new SluiceError("invalid", message, { fields });
}

/** Each issue of zod as a field's path (`variants.0.model.preset`) and a sentence. */
export function fieldErrors(issues: readonly Issue[], prefix: readonly PropertyKey[] = []): FieldError[] {
  return issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        field: [...path, key].join("."),
        message: "There is no such field.",
      }));
    }
    if (issue.code === "invalid_union" && issue.errors.length > 0) return unionErrors(issue, path);
    return [{ field: path.join("."), message: issue.message }];
  });
}

/**
 * Of a union's forms, speaks of the one that was meant: the one with the fewest fields that it doesn't know.
 * Where the input fits none more than another, the union's own sentence is the best there is.
 */
function unionErrors(issue: Extract<Issue, { code: "invalid_union" }>, path: PropertyKey[]): FieldError[] {
  const strangers = (form: readonly Issue[]) =>
    form.reduce((count, i) => count + (i.code === "unrecognized_keys" ? i.keys.length : 0), 0);
  const fewest = Math.min(...issue.errors.map(strangers));
  const meant = issue.errors.filter((form) => strangers(form) === fewest);
  const [only] = meant;
  if (only && meant.length === 1) return fieldErrors(only, path);
  return [{ field: path.join("."), message: issue.message }];
}

const kinds: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  array: "a list",
  date: "a date",
};

/** Sentences for what a schema has no sentence of its own for. */
function plainWords(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return "This is required.";
      return `Must be ${kinds[issue.expected] ?? issue.expected}.`;
    case "too_small":
      return `Must be ${size(issue.origin, issue.minimum, "at least")}.`;
    case "too_big":
      return `Must be ${size(issue.origin, issue.maximum, "at most")}.`;
    case "invalid_value":
      return `Choose one of: ${issue.values.map(String).join(", ")}.`;
    case "invalid_union":
      return Array.isArray(issue.options)
        ? `Choose one of: ${issue.options.map(String).join(", ")}.`
        : undefined;
    case "invalid_format":
      return issue.format === "email" ? "This isn't an e-mail address." : "This isn't in the right form.";
    default:
      return undefined;
  }
}

function size(origin: string, bound: number | bigint, words: string): string {
  switch (origin) {
    case "string":
      return `${words} ${bound} characters`;
    case "array":
      return `${words} ${bound} entries`;
    default:
      return `${words} ${bound}`;
  }
}
