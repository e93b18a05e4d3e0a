import { computeEndpoints } from "#e2e/cloud/google/compute/endpoints.ts";
import { kinds } from "#e2e/cloud/google/compute/kinds.ts";
import { computeOperations } from "#e2e/cloud/google/compute/operations.ts";
import { collectionOf } from "#e2e/cloud/google/compute/path.ts";
import { computePlaces } from "#e2e/cloud/google/compute/places.ts";
import { aggregatedList, get, list } from "#e2e/cloud/google/compute/read.ts";
import { change, insert, remove, set, setLabels } from "#e2e/cloud/google/compute/write.ts";
import type { Method } from "#e2e/cloud/google/discovery.ts";
import type { Handler } from "#e2e/cloud/google/model.ts";

const special = { ...computePlaces, ...computeOperations, ...computeEndpoints };

const verbs: Record<string, Handler> = {
  get,
  list,
  aggregatedList,
  insert,
  delete: remove,
  patch: (call) => change(call, "patch"),
  update: (call) => change(call, "update"),
  setLabels,
};

/** What answers a method of Compute Engine, or undefined where the model knows none. */
export function computeHandler(method: Method): Handler | undefined {
  const kind = kinds[collectionOf(method)];
  const verb = method.id.split(".").at(-1) ?? "";
  const setter = kind?.setters?.[verb];
  return special[method.id] ?? (setter ? (call) => set(call, verb) : kind && verbs[verb]);
}
