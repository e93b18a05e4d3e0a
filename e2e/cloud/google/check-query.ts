import { badRequest, checkParameter } from "#e2e/cloud/google/check-value.ts";
import type { Method } from "#e2e/cloud/google/discovery.ts";
import { GoogleError, notModelled } from "#e2e/cloud/google/google-error.ts";

/**
 * Checks a path's names and a query against what the method takes.
 *
 * @throws GoogleError 400; 501 for parts of Google's own that change an answer in ways not modelled
 */
export function checkParameters(
  method: Method,
  params: Record<string, string>,
  query: URLSearchParams,
): void {
  for (const [name, value] of Object.entries(params)) {
    const schema = method.parameters[name];
    if (schema) checkParameter({ ...schema, pattern: trimmed(schema.pattern) }, value, name);
  }
  for (const [name, value] of query) {
    const schema = method.parameters[name] ?? method.service.parameters[name];
    if (!schema || ("location" in schema && schema.location === "path")) {
      throw badRequest(
        name,
        `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`,
      );
    }
    checkParameter(schema, value, name);
  }
  for (const [name, schema] of Object.entries(method.parameters)) {
    if (schema.required && schema.location === "query" && !query.has(name)) {
      throw new GoogleError(400, "required", `Required parameter: ${name}`);
    }
  }
  if (query.has("fields")) throw notModelled("partial answers (the query parameter fields)");
}

/** Patterns of multi-segment names are anchored, those of single segments aren't. */
const trimmed = (pattern: string | undefined) => pattern?.replace(/^\^|\$$/g, "");
