import { selfLink } from "#e2e/cloud/google/compute/references.ts";
import type { JsonObject } from "#e2e/cloud/google/json.ts";
import type { Call, Model } from "#e2e/cloud/google/model.ts";
import type { Operation, OperationError } from "#e2e/cloud/google/operations.ts";
import type { Stored } from "#e2e/cloud/google/store.ts";

type Work = {
  /** Such as `insert`, as Google names the type of an operation. */
  type: string;
  stored: Stored;
  /** What is done in the end, if nothing went wrong. */
  apply: () => void | Promise<void>;
  /** What is done where it went wrong. */
  revert?: () => void;
  error?: OperationError | null;
};

/** Starts an operation on an object, which is busy until then. @returns the answer to the request */
export async function startOperation(call: Call, work: Work): Promise<JsonObject> {
  const { model, account } = call;
  const { stored } = work;
  const error = call.operationError ?? work.error ?? null;
  const operation = model.operations.start(call.method.id, {
    scope: scopeOf(stored.key),
    type: work.type,
    target: stored.key,
    targetId: typeof stored.body.id === "string" ? stored.body.id : "0",
    user: account.email,
    error,
    async finish() {
      stored.busy = null;
      stored.fresh = false;
      if (error) work.revert?.();
      else await work.apply();
    },
  });
  stored.busy = operation.name;
  await model.operations.settle();
  return showOperation(model, operation);
}

/** `compute/projects/p/global` of a key in there. */
export const scopeOf = (key: string): string => key.split("/").slice(0, -2).join("/");

/** An operation as Compute Engine shows it. */
export function showOperation(model: Model, operation: Operation): JsonObject {
  const { status, percent } = model.operations.progress(operation);
  const { error } = operation;
  const scope = selfLink(model, operation.scope);
  const [place] = /zones|regions/.exec(operation.scope) ?? [];
  return {
    kind: "compute#operation",
    id: operation.id,
    name: operation.name,
    operationType: operation.type,
    targetLink: selfLink(model, operation.target),
    targetId: operation.targetId,
    status,
    progress: percent,
    user: operation.user,
    insertTime: operation.insertTime.toISOString(),
    selfLink: `${scope}/operations/${operation.name}`,
    ...(place && { [place.slice(0, -1)]: scope }),
    ...(status !== "PENDING" && { startTime: operation.startTime.toISOString() }),
    ...(status === "DONE" && { endTime: operation.endTime.toISOString() }),
    ...(status === "DONE" && error && failure(error)),
  };
}

function failure({ code, message, httpCode, details }: OperationError): JsonObject {
  const errorDetails = details as JsonObject[] | undefined;
  const errors = [{ code, message, ...(errorDetails && { errorDetails }) }];
  const words: Record<number, string> = { 400: "BAD REQUEST", 403: "FORBIDDEN", 409: "CONFLICT" };
  return {
    error: { errors },
    httpErrorStatusCode: httpCode,
    httpErrorMessage: words[httpCode] ?? "INTERNAL SERVER ERROR",
  };
}
