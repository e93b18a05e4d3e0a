import { explainTrouble } from "#infra/clusters/explain-trouble.ts";
import { explainTrouble as explainGoogle } from "#infra/google/explain-trouble.ts";
import { GoogleError, GoogleUnreachable, TokenError } from "#infra/google/google-error.ts";
import { ApiError } from "#infra/kubernetes/api-client.ts";
import type { FailureCode } from "#lib/deployments/status.ts";
import { CredentialsError } from "#lib/targets/gke/credentials-error.ts";

/** A cluster that said nothing for so long isn't as it was seen last, for all that anybody knows. */
export const staleMs = 10_000;

/**
 * What to say of deployments whose cluster can't be asked.
 *
 * @param since when the cluster answered last; null: it hasn't since the worker was started
 */
export function unasked(
  error: unknown,
  cluster: string,
  since: Date | null,
): { code: FailureCode; message: string } {
  const { code, message, todo } = refusedRight(error) ?? explain(error, cluster);
  const when = since ? ` since ${since.toISOString().slice(0, 16).replace("T", " ")} UTC` : "";
  const shown = since ? "what is shown here is from then" : "what is shown here is from before";
  return {
    code: codes[code] ?? "target_unreachable",
    message: `Nothing is known of it${when}, for the cluster ${cluster} can't be asked; ${shown}. What runs there goes on. ${message} ${todo}`,
  };
}

/** What Google, not the cluster, answered instead of the way there. */
export function isOfGoogle(error: unknown): boolean {
  return [GoogleError, GoogleUnreachable, TokenError, CredentialsError].some((kind) => error instanceof kind);
}

function explain(error: unknown, target: string): { code: string; message: string; todo: string } {
  return isOfGoogle(error) ? explainGoogle(error, target) : explainTrouble(error);
}

function refusedRight(error: unknown) {
  if (!(error instanceof ApiError && error.status === 403)) return null;
  const message = `The cluster doesn't allow it: ${error.message.replace(/\.?$/, ".")}`;
  return {
    code: "forbidden",
    message,
    todo: "Give the target's account the rights that the targets page lists.",
  };
}

const codes: Record<string, FailureCode> = {
  forbidden: "target_refused",
  unauthorized: "target_refused",
  expired: "target_refused",
  unsealable: "secret_unreadable",
  api_disabled: "api_disabled",
  right_missing: "target_refused",
  billing_disabled: "target_refused",
  key_refused: "target_refused",
  account_gone: "target_refused",
  account_disabled: "target_refused",
  credentials: "target_refused",
};
