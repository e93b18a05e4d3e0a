import type { JsonObject } from "#e2e/cloud/google/json.ts";
import type { Call, Model } from "#e2e/cloud/google/model.ts";
import type { Operation, OperationError } from "#e2e/cloud/google/operations.ts";
import type { Stored } from "#e2e/cloud/google/store.ts";

/** A URL of Kubernetes Engine's. @param key such as `container/projects/p/locations/l/clusters/c` */
export const containerLink = (model: Model, key: string): string =>
  `${model.url}/container/v1beta1/${key.slice("container/".length)}`;

type Work = {
  /** Such as `CREATE_CLUSTER`. */
  type: string;
  /** Nothing else can be done to the cluster until it is over. */
  cluster: Stored;
  target: string;
  apply: () => void | Promise<void>;
  revert?: () => void;
  error?: OperationError | null;
};

/** Starts an operation on a cluster or one of its pools. @returns the answer to the request */
export async function startOperation(call: Call, work: Work): Promise<JsonObject> {
  const { model, account } = call;
  const { cluster } = work;
  const error = call.operationError ?? work.error ?? null;
  const operation = model.operations.start(call.method.id, {
    scope: cluster.key.split("/").slice(0, 5).join("/"),
    type: work.type,
    target: work.target,
    targetId: "0",
    user: account.email,
    error,
    async finish() {
      cluster.busy = null;
      if (error) work.revert?.();
      else await work.apply();
    },
  });
  cluster.busy = operation.name;
  await model.operations.settle();
  return showOperation(model, operation);
}

/** An operation as Kubernetes Engine shows it. */
export function showOperation(model: Model, operation: Operation): JsonObject {
  const { status } = model.operations.progress(operation);
  const location = operation.scope.split("/").at(-1) ?? "";
  const failed = status === "DONE" ? operation.error : null;
  return {
    name: operation.name,
    operationType: operation.type,
    status,
    zone: location,
    location,
    selfLink: containerLink(model, `${operation.scope}/operations/${operation.name}`),
    targetLink: containerLink(model, operation.target),
    startTime: operation.startTime.toISOString(),
    ...(status === "DONE" && { endTime: operation.endTime.toISOString() }),
    ...(failed && {
      statusMessage: failed.message,
      error: { code: canonical(failed), message: failed.message },
    }),
  };
}

/** gRPC's number for the HTTP status. */
const canonical = ({ httpCode }: OperationError): number =>
  ({ 400: 3, 403: 8, 404: 5, 409: 6, 429: 8, 503: 14 })[httpCode] ?? 13;
