import type { Schema, Service } from "#e2e/cloud/google/discovery.ts";
import { GoogleError, invalidValue } from "#e2e/cloud/google/google-error.ts";
import { isObject, type Json, type JsonObject } from "#e2e/cloud/google/json.ts";

const ranges: Record<string, [bigint, bigint]> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

/** Of strings. Where a service is laxer than this, its documents say so nowhere. */
const formats: Record<string, RegExp> = {
  "google-datetime": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/,
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/,
  date: /^\d{4}-\d\d-\d\d$/,
  "google-duration": /^-?\d+(\.\d{1,9})?s$/,
  "google-fieldmask": /^[A-Za-z0-9_.,]*$/,
  byte: /^[A-Za-z0-9+/_-]*={0,2}$/,
};

/**
 * Checks a body against its schema and gives it back without what Google ignores in a request: fields that are
 * only ever its own answer.
 *
 * @param methodId decides which fields are required
 * @throws GoogleError 400
 */
export function checkBody(service: Service, methodId: string, ref: string, body: Json): JsonObject {
  const checked = checkValue({ service, methodId }, { $ref: ref }, body, "resource");
  if (!isObject(checked)) throw invalidValue("resource", checked, "A body is needed.");
  return checked;
}

type Context = { service: Service; methodId: string };

function checkValue(context: Context, given: Schema, value: Json, at: string): Json {
  const schema = given.$ref ? (context.service.schemas[given.$ref] ?? {}) : given;
  if (value === null) return null;
  switch (schema.type) {
    case "object":
      return checkObject(context, schema, given.$ref ?? "object", value, at);
    case "array":
      if (!Array.isArray(value)) throw mismatch(at, "a list", value);
      return value.map((item, index) => checkValue(context, schema.items ?? {}, item, `${at}[${index}]`));
    case "boolean":
      if (typeof value !== "boolean" && value !== "true" && value !== "false")
        throw mismatch(at, "TYPE_BOOL", value);
      return value;
    case "integer":
    case "number":
      checkNumber(schema, value, at);
      return value;
    case "string":
      checkString(schema, value, at);
      return value;
    default:
      return value;
  }
}

function checkObject(context: Context, schema: Schema, name: string, value: Json, at: string): Json {
  if (!isObject(value)) throw mismatch(at, name, value);
  const checked: JsonObject = {};
  for (const [key, child] of Object.entries(value)) {
    const property = schema.properties?.[key] ?? schema.additionalProperties;
    if (!property) throw unknownName(key, at);
    if (!isOutput(property) && child !== undefined)
      checked[key] = checkValue(context, property, child, `${at}.${key}`);
  }
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const required = property.annotations?.required?.includes(context.methodId) ?? false;
    // A patch changes what it names; the object has the rest.
    if (required && !context.methodId.endsWith(".patch") && (checked[key] ?? "") === "") {
      throw new GoogleError(400, "required", `Required field '${at}.${key}' not specified`);
    }
  }
  return checked;
}

const isOutput = (property: Schema) =>
  property.readOnly === true || /^\s*(\[Output[ -]Only\]|Output only)/i.test(property.description ?? "");

/** A parameter of the path or the query, which is always text. @throws GoogleError 400 */
export function checkParameter(schema: Schema, value: string, name: string): void {
  if (schema.type === "boolean") {
    if (value !== "true" && value !== "false") throw mismatch(name, "TYPE_BOOL", value);
  } else if (schema.type === "integer" || schema.type === "number") checkNumber(schema, value, name);
  else checkString(schema, value, name);
}

function checkNumber(schema: Schema, value: Json, at: string): void {
  const type = `TYPE_${(schema.format ?? schema.type ?? "").toUpperCase()}`;
  const text = typeof value === "number" || typeof value === "string" ? String(value) : "";
  if (schema.type === "number") {
    if (text === "" || !Number.isFinite(Number(text))) throw mismatch(at, type, value);
  } else checkInteger(schema.format ?? "int32", text, at, type, value);
}

function checkInteger(format: string, text: string, at: string, type: string, value: Json): void {
  const range = ranges[format];
  if (!/^-?\d+$/.test(text)) throw mismatch(at, type, value);
  if (range && (BigInt(text) < range[0] || BigInt(text) > range[1])) throw mismatch(at, type, value);
}

function checkString(schema: Schema, value: Json, at: string): void {
  const format = schema.format ?? "";
  if (format in ranges) {
    const text = typeof value === "number" || typeof value === "string" ? String(value) : "";
    return checkInteger(format, text, at, `TYPE_${format.toUpperCase()}`, value);
  }
  if (typeof value !== "string") throw mismatch(at, "TYPE_STRING", value);
  if (schema.enum && value !== "" && !schema.enum.includes(value)) throw mismatch(at, "TYPE_ENUM", value);
  if (schema.pattern && value !== "" && !new RegExp(`^(?:${schema.pattern})$`).test(value)) {
    throw invalidValue(at, value, `Must be a match of regex '${schema.pattern}'`);
  }
  const pattern = formats[format];
  if (pattern && !pattern.test(value)) throw mismatch(at, format, value);
}

function mismatch(at: string, type: string, value: unknown): GoogleError {
  const message = `Invalid value at '${at}' (${type}), ${JSON.stringify(value)}`;
  return badRequest(at, message);
}

function unknownName(key: string, at: string): GoogleError {
  return badRequest(
    at,
    `Invalid JSON payload received. Unknown name "${key}" at '${at}': Cannot find field.`,
  );
}

export function badRequest(field: string, message: string): GoogleError {
  const details = [
    {
      "@type": "type.googleapis.com/google.rpc.BadRequest",
      fieldViolations: [{ field, description: message }],
    },
  ];
  return new GoogleError(400, "badRequest", message, { details });
}
