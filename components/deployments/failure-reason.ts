import type { FailureCode } from "#lib/deployments/status.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";

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
