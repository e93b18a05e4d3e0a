import type { Declarations, Shape } from "#e2e/stand-in/type-declarations.ts";

export type Problem = { property: string; reason: string };

/** Stands for a value that isn't known before something else is made (Pulumi's own mark). */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What of these inputs the SDK's declarations don't have, lack, or have otherwise. */
export function checkInputs(
  declarations: Declarations,
  name: string,
  inputs: Record<string, unknown>,
): Problem[] {
  return checkObject(declarations, name, inputs, "");
}

function checkObject(all: Declarations, name: string, value: object, at: string): Problem[] {
  const declared = all[name];
  if (!declared) return [{ property: at, reason: `the SDK declares no ${name}` }];
  const path = (key: string) => (at === "" ? key : `${at}.${key}`);
  const unknown = Object.keys(value)
    .filter((key) => !(key in declared))
    .map((key) => ({ property: path(key), reason: `${name} has no property ${key}` }));
  const rest = Object.entries(declared).flatMap(([key, { shape, isRequired }]) => {
    const given = (value as Record<string, unknown>)[key];
    if (given !== undefined && given !== null) return checkValue(all, shape, given, path(key));
    return isRequired ? [{ property: path(key), reason: `${name} needs a property ${key}` }] : [];
  });
  return [...unknown, ...rest];
}

function checkValue(all: Declarations, shape: Shape, value: unknown, at: string): Problem[] {
  if (value === unknownValue) return [];
  const wrong = (wanted: string) => [{ property: at, reason: `must be ${wanted}, is ${typeOf(value)}` }];
  switch (shape.kind) {
    case "any":
      return [];
    case "string":
    case "number":
    case "boolean":
      return typeOf(value) === shape.kind ? [] : wrong(`a ${shape.kind}`);
    case "literal":
      return value === shape.value ? [] : wrong(JSON.stringify(shape.value));
    case "list":
      if (!Array.isArray(value)) return wrong("a list");
      return value.flatMap((item, index) => checkValue(all, shape.of, item, `${at}[${index}]`));
    case "map":
      if (typeOf(value) !== "object") return wrong("a map");
      return Object.entries(value as object).flatMap(([key, item]) =>
        checkValue(all, shape.of, item, `${at}.${key}`),
      );
    case "either": {
      const tried = shape.of.map((one) => checkValue(all, one, value, at));
      if (tried.some((problems) => problems.length === 0)) return [];
      const literals = shape.of.flatMap((one) => (one.kind === "literal" ? [one.value] : []));
      return literals.length === shape.of.length
        ? [{ property: at, reason: `must be one of ${literals.join(", ")}, is ${JSON.stringify(value)}` }]
        : (tried[0] ?? []);
    }
    case "object":
      return typeOf(value) === "object"
        ? checkObject(all, shape.name, value as object, at)
        : wrong(`an object (${shape.name})`);
  }
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? "list" : value === null ? "nothing" : typeof value;
}
