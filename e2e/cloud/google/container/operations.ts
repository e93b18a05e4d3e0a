import { clusterNotFound, containerKey } from "#e2e/cloud/google/container/find.ts";
import { showOperation } from "#e2e/cloud/google/container/operation.ts";
import type { Handlers } from "#e2e/cloud/google/model.ts";

/** Looking at operations of a location. */
export const containerOperations: Handlers = {
  "container.projects.locations.operations.get": (call) => {
    const key = containerKey(call, "name");
    const operation = call.model.operations.get(key);
    if (!operation) throw clusterNotFound(key);
    return showOperation(call.model, operation);
  },
  "container.projects.locations.operations.list": (call) => {
    const scope = containerKey(call, "parent");
    const everywhere = scope.endsWith("/locations/-");
    const all = call.model.operations
      .all()
      .filter((each) => (everywhere ? each.scope.startsWith(scope.slice(0, -1)) : each.scope === scope));
    return all.length > 0 ? { operations: all.map((each) => showOperation(call.model, each)) } : {};
  },
};
