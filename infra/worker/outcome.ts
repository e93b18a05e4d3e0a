import type { Result } from "#infra/runner/messages.ts";
import type { FailureCode } from "#lib/deployments/status.ts";
import type { EndpointView, Receipt } from "#lib/deployments/view.ts";
import { whatIsLeft, type Existing } from "#lib/deployments/what-is-left.ts";
import type { Outcome } from "#lib/operations/finish.ts";
import type { OperationKind } from "#lib/operations/status.ts";

/** What is known of a deployment when an operation on it didn't succeed. */
export type Aftermath = {
  kind: OperationKind;
  /** where it still answers, if it served before the operation */
  answersAt: EndpointView | null;
  /** what the engine has made, and what it was making when it ended; null: it couldn't be looked at */
  exists: Existing | null;
};

/** @param pending why it doesn't answer by its domain yet; null: it does, or it has none */
export function succeeded(endpoint: EndpointView | null, pending: string | null = null): Outcome {
  const said = { code: null, message: null };
  const deployment =
    pending === null
      ? { status: "ready" as const, ...said, endpoint }
      : { status: "degraded" as const, code: "certificate_pending" as const, message: pending, endpoint };
  return { status: "succeeded", ...said, deployment };
}

/**
 * After a tear-down whose engine had no complaint: the receipt decides.
 *
 * @param whyLeft what the target says of what it couldn't remove; null: it had no complaint either
 */
export function tornDown(receipt: Receipt, whyLeft: string | null): Outcome {
  if (receipt.remaining.length === 0) {
    const deployment = { status: "destroyed" as const, code: null, message: null, endpoint: null };
    return { status: "succeeded", code: null, message: null, deployment, receipt };
  }
  const left = receipt.remaining.map(({ kind, what }) => `${kind} ${what}`).join(", ");
  const message =
    whyLeft ??
    `Torn down, but this is still there: ${left}. Tear it down again; if it stays, end it by hand.`;
  const deployment = { status: "failed" as const, code: "leftovers" as const, message };
  return { status: "failed", code: "leftovers", message, deployment, receipt };
}

/** After a tear-down whose engine had no complaint, but nobody could look what is left. */
export function notChecked(code: FailureCode): Outcome {
  const message =
    "The engine deleted everything, but what is left couldn't be looked at. Tear it down again: it looks again.";
  return { status: "failed", code, message, deployment: { status: "failed", code, message } };
}

export function failed(result: Extract<Result, { ok: false }>, aftermath: Aftermath): Outcome {
  const status =
    result.code === "cancelled" ? "cancelled" : result.code === "interrupted" ? "interrupted" : "failed";
  return notSucceeded(status, result.code, result.message, aftermath);
}

export function interrupted(aftermath: Aftermath): Outcome {
  const message = "The worker stopped in the middle of it. Retry: it goes on with what exists.";
  return notSucceeded("interrupted", "interrupted", message, aftermath);
}

function notSucceeded(
  status: Outcome["status"],
  code: FailureCode,
  message: string,
  { kind, answersAt, exists }: Aftermath,
): Outcome {
  const told = [message, ...whatIsLeft(kind, answersAt !== null, exists)].join(" ");
  const serves = kind !== "destroy" && answersAt !== null;
  return {
    status,
    code,
    message: told,
    deployment: {
      status: serves ? "degraded" : "failed",
      code,
      message: told,
      // By now that may be with the new certificate: who goes on with the old one wouldn't reach it.
      ...(serves ? { endpoint: answersAt } : {}),
    },
  };
}
