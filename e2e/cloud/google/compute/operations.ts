import { collectionOf, keyFor } from "#e2e/cloud/google/compute/path.ts";
import { showOperation } from "#e2e/cloud/google/compute/operation.ts";
import { listed } from "#e2e/cloud/google/compute/read.ts";
import { notFound } from "#e2e/cloud/google/google-error.ts";
import type { JsonObject } from "#e2e/cloud/google/json.ts";
import type { Call, Handlers } from "#e2e/cloud/google/model.ts";
import type { Operation } from "#e2e/cloud/google/operations.ts";

const found = (call: Call): Operation => {
  const key = keyFor(call);
  const operation = call.model.operations.get(key);
  if (!operation) throw notFound(key.slice("compute/".length));
  return operation;
};

const get = (call: Call): JsonObject => showOperation(call.model, found(call));

const list = (call: Call): JsonObject => {
  const key = keyFor(call);
  const scope = key.slice(0, -`/${collectionOf(call.method)}`.length);
  const all = call.model.operations.list(scope).map((each) => showOperation(call.model, each));
  return listed(call, key, all);
};

const wait = async (call: Call): Promise<JsonObject> => {
  const operation = found(call);
  await call.model.operations.wait(operation);
  return showOperation(call.model, operation);
};

/** Looking at operations of the project, a region or a zone. */
export const computeOperations: Handlers = Object.fromEntries(
  ["globalOperations", "regionOperations", "zoneOperations"].flatMap((resource) =>
    Object.entries({ get, list, wait }).map(([verb, handler]) => [`compute.${resource}.${verb}`, handler]),
  ),
);
