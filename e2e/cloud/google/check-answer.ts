import type { Method, Schema, Service } from "#e2e/cloud/google/discovery.ts";
import { isObject, type Json } from "#e2e/cloud/google/json.ts";

/**
 * The model's own answers keep to Google's documents too: nothing may learn from a field that there is none of.
 *
 * @throws Error that names the field; the server answers it with 500
 */
export function checkAnswer(method: Method, answer: Json): void {
  if (method.response) checkNames(method.service, method.response, answer, method.id);
}

function checkNames(service: Service, given: Schema, value: Json | undefined, at: string): void {
  const schema = given.$ref ? (service.schemas[given.$ref] ?? {}) : given;
  if (Array.isArray(value)) {
    value.forEach((item, index) => checkNames(service, schema.items ?? {}, item, `${at}[${index}]`));
  } else if (isObject(value)) {
    if (schema.type !== "object") return;
    for (const [key, child] of Object.entries(value)) {
      const property = schema.properties?.[key] ?? schema.additionalProperties;
      if (!property)
        throw new Error(`The model's answer has a field that Google's documents don't know: ${at}.${key}`);
      checkNames(service, property, child, `${at}.${key}`);
    }
  } else if (schema.enum && typeof value === "string" && value !== "" && !schema.enum.includes(value)) {
    throw new Error(`The model's answer has a value that Google's documents don't know: ${at} = ${value}`);
  }
}
