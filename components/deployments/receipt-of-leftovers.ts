import type { DeploymentView, Receipt } from "#lib/deployments/view.ts";

/**
 * The receipt of a tear-down that left something: Overview is nothing but it then, with a button that removes the rest.
 * Null of what isn't so.
 */
export function receiptOfLeftovers(
  deployment: Pick<DeploymentView, "status" | "statusCode" | "receipt">,
): Receipt | null {
  const { status, statusCode, receipt } = deployment;
  return status === "failed" && statusCode === "leftovers" ? receipt : null;
}
