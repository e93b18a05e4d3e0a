import { GoogleUnreachable, TokenError } from "#infra/google/google-error.ts";
import type { Received } from "#infra/google/send.ts";

const newKey =
  "Make a new key of the account: gcloud iam service-accounts keys create key.json --iam-account=ADDRESS. Then upload it in place of this one.";

/** What the words of Google's token endpoint mean (RFC 6749, section 5.2, and what is seen of Google's own). */
const known: { says: RegExp; error: () => TokenError }[] = [
  {
    says: /reasonable timeframe|check your iat and exp/i,
    error: () =>
      new TokenError(
        "clock_skew",
        "Google doesn't take the signed request, since its time is wrong: the clock of the worker's machine differs from Google's by minutes.",
        "Set the machine's clock (timedatectl set-ntp true), then check again.",
      ),
  },
  {
    says: /disabled/i,
    error: () =>
      new TokenError(
        "account_disabled",
        "The service account, or the client that signed in, is disabled.",
        "Enable it under IAM, Service accounts, or run: gcloud iam service-accounts enable ADDRESS. Then check again.",
      ),
  },
  {
    says: /account not found/i,
    error: () =>
      new TokenError(
        "account_gone",
        "Google knows no such service account with this key: the account or its key was deleted.",
        "See under IAM, Service accounts whether the account is there. Make a key of one that is, and upload it.",
      ),
  },
  {
    says: /invalid jwt signature|no valid verifier/i,
    error: () =>
      new TokenError(
        "key_refused",
        "Google doesn't take the key any more: it was deleted or disabled, or its time is over.",
        newKey,
      ),
  },
  {
    says: /expired or revoked|invalid_rapt|reauth|invalid_client|deleted_client/i,
    error: () =>
      new TokenError(
        "sign_in_over",
        "The sign-in that the worker's machine has is over, or was revoked.",
        "Upload a service account's key, or sign in again where the worker runs: gcloud auth application-default login.",
      ),
  },
];

/** A refusal of Google's token endpoint as a sentence. Its own words are shown where none of ours fits. */
export function tokenRefusal({ status, text }: Received): Error {
  if (status === 429 || status >= 500)
    return new GoogleUnreachable(`Google's token endpoint answers ${status} just now.`);
  const { error = "", error_description: description = "" } = read(text);
  const found = known.find(({ says }) => says.test(`${error} ${description}`));
  if (found) return found.error();
  const words = [error, description].filter(Boolean).join(": ").slice(0, 300) || `status ${status}`;
  return new TokenError("token_refused", `Google gives no token for the credentials (${words}).`, newKey);
}

function read(text: string): { error?: string; error_description?: string } {
  try {
    const fields = JSON.parse(text) as Record<string, unknown>;
    const asText = (value: unknown) => (typeof value === "string" ? value : undefined);
    return { error: asText(fields.error), error_description: asText(fields.error_description) };
  } catch {
    return {};
  }
}
