import type { FailureCode } from "#lib/deployments/status.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { isTerminal } from "#lib/operations/status.ts";

type Failing = Pick<DeploymentView, "status" | "statusCode" | "statusMessage"> & {
  operation: Pick<DeploymentView["operation"], "errorCode" | "errorMessage">;
};

/** Of a deployment that failed, its own reason; of one that goes on, why the operation ended. */
export function failureReason(deployment: Failing): { code: FailureCode | null; message: string } {
  const { status, operation } = deployment;
  const own = { code: deployment.statusCode, message: deployment.statusMessage };
  const last = { code: operation.errorCode, message: operation.errorMessage };
  const [first, second] = status === "failed" ? [own, last] : [last, own];
  const { code, message } = first.message === null ? second : first;
  return { code: code ?? null, message: message ?? "It ended without a reason." };
}

/** What the callout above the tabs says of a deployment: null where nothing failed, or it is gone. */
export function toldReason(
  deployment: Failing & { operation: Pick<DeploymentView["operation"], "status"> },
): ReturnType<typeof failureReason> | null {
  const { status, operation } = deployment;
  const operationFailed = isTerminal(operation.status) && operation.status !== "succeeded";
  if (status === "destroyed" || (status !== "failed" && !operationFailed)) return null;
  return failureReason(deployment);
}

/** A reason's first sentence, what else it says in words, and the lines of output that it ends with, if any. */
export function splitReason(message: string): { first: string; rest: string; output: string } {
  const [words = "", ...lines] = message.split("\n");
  const [first = words, rest = ""] = words.split(/(?<=[.!?])\s+(?=\p{Lu})(.*)/u);
  return { first, rest, output: lines.join("\n") };
}
