import { findZone, regions } from "#e2e/cloud/google/catalog.ts";
import type { Method } from "#e2e/cloud/google/discovery.ts";
import { invalidValue } from "#e2e/cloud/google/google-error.ts";
import { param, type Call } from "#e2e/cloud/google/model.ts";

/** Scope, collection, and object of a method's path, a verb at its end left out. */
function partsOf(method: Method): { scope: string[]; collection: string; name: string | undefined } {
  const rest = method.path.split("/").slice(2);
  const placed = rest.length > 2 && (rest[0] === "regions" || rest[0] === "zones");
  const scope = placed
    ? rest.splice(0, 2)
    : /^(global|aggregated)$/.test(rest[0] ?? "")
      ? rest.splice(0, 1)
      : [];
  return { scope, collection: rest[0] ?? "", name: rest[1] };
}

/** `addresses` of `projects/{project}/global/addresses/{address}/setLabels`. */
export const collectionOf = (method: Method): string => partsOf(method).collection;

/** The key of the collection or the object that a request's path names. @throws GoogleError 400 for an unknown place */
export function keyFor(call: Call): string {
  const { scope, collection, name } = partsOf(call.method);
  // Some methods of global objects leave the scope out of their path.
  const parts = [...(scope.length > 0 ? scope : ["global"]), collection, ...(name ? [name] : [])];
  const filled = parts.map((part) => (part.startsWith("{") ? param(call, part.slice(1, -1)) : part));
  const [, place = ""] = filled;
  if (filled[0] === "zones" && scope.length > 0 && !findZone(place))
    throw invalidValue("zone", place, "Unknown zone.");
  if (filled[0] === "regions" && scope.length > 0 && !regions.includes(place)) {
    throw invalidValue("region", place, "Unknown region.");
  }
  return `compute/projects/${call.project}/${filled.join("/")}`;
}
