import { ZodError } from "zod";
import { GoogleError, GoogleUnreachable, TokenError } from "#infra/google/google-error.ts";
import { UnsealError } from "#lib/secrets/seal.ts";
import { CredentialsError } from "#lib/targets/gke/credentials-error.ts";
import type { Trouble } from "#lib/targets/gke/findings.ts";
import { apiLink, neededApis, roleOf } from "#lib/targets/gke/rights.ts";

/**
 * Why a project can't be asked, for people. No sentence has anything of the credentials in it.
 *
 * @throws what it is given, if that isn't about Google or the credentials
 */
export function explainTrouble(error: unknown, project: string): Trouble {
  if (error instanceof TokenError)
    return { code: error.code, message: error.message, todo: error.todo, link: null };
  if (error instanceof CredentialsError)
    return { code: "credentials", message: error.message, todo: "Then replace the key here.", link: null };
  if (error instanceof UnsealError)
    return {
      code: "unsealable",
      message: "The credentials can't be opened with this portal's key.",
      todo: "Start Sluice with the key they were stored with, or replace them.",
      link: null,
    };
  if (error instanceof GoogleError) return explainRefusal(error, project);
  if (error instanceof ZodError)
    return {
      code: "not_understood",
      message: "Google answers, but not as expected.",
      todo: "Check again later. If it stays so, this version of Sluice doesn't know Google's API any more.",
      link: null,
    };
  const isTooLate = error instanceof Error && ["AbortError", "TimeoutError"].includes(error.name);
  if (!isTooLate && !(error instanceof GoogleUnreachable)) throw error;
  return {
    code: "unreachable",
    message: isTooLate ? "Google's APIs didn't answer the check in time." : error.message,
    todo: "See whether this machine reaches the internet, and whether status.cloud.google.com says something.",
    link: null,
  };
}

function explainRefusal(error: GoogleError, project: string): Trouble {
  const { status, info, message } = error;
  const disabled = disabledApi(error);
  if (disabled)
    return {
      code: "api_disabled",
      message: `The ${neededApis[disabled] ?? disabled} isn't enabled.`,
      todo: `Enable it on Google's page, or run: gcloud services enable ${disabled}. It takes a few minutes to be known everywhere.`,
      // A service account's own project may be the one that is meant: Google says where.
      link: info?.metadata.activationUrl ?? apiLink(disabled, project),
    };
  const general = generalRefusal(error, project);
  if (general) return general;
  if (status === 403) {
    const permission = missingPermission(error);
    const role = permission && roleOf(permission);
    return {
      code: "right_missing",
      message: permission ? `The account lacks the right ${permission}.` : message,
      todo: role
        ? `Give it the role ${role.title} (${role.role}) in the project ${project}.`
        : `See what the account may do in the project ${project}.`,
      link: `https://console.cloud.google.com/iam-admin/iam?project=${encodeURIComponent(project)}`,
    };
  }
  return {
    code: "not_understood",
    message: `Google answers with an error (${status}): ${message}`,
    todo: "Check again in a few minutes.",
    link: null,
  };
}

/** Why an account is refused whatever its rights and the project's APIs are; null: it is about those. */
export function generalRefusal({ status, info, message }: GoogleError, project: string): Trouble | null {
  if (status !== 403) return null;
  if (info?.reason === "BILLING_DISABLED" || /billing to be enabled|billing account/i.test(message))
    return {
      code: "billing_disabled",
      message: `The project ${project} has no billing account, without which Google makes nothing in it.`,
      todo: "Link one to it on Google's page. It takes a few minutes to be known everywhere.",
      link: `https://console.cloud.google.com/billing/linkedaccount?project=${encodeURIComponent(project)}`,
    };
  if (
    info?.reason === "ACCESS_TOKEN_SCOPE_INSUFFICIENT" ||
    /insufficient authentication scopes/i.test(message)
  )
    return {
      code: "scope_too_narrow",
      message:
        "The worker's machine gives tokens for a part of Google's APIs alone: its access scopes are too narrow.",
      todo: "Upload a service account's key, or stop the machine and give it the access scope cloud-platform: gcloud compute instances set-service-account MACHINE --scopes=cloud-platform. Then start it again.",
      link: null,
    };
  return null;
}

/** The API that a refusal says isn't enabled; null: it is about something else. */
export function disabledApi({ info, reason }: GoogleError): string | null {
  if (info?.reason === "SERVICE_DISABLED") return info.metadata.service ?? null;
  return reason === "accessNotConfigured" ? (info?.metadata.service ?? null) : null;
}

/** The permission that a refusal names, as each API does in its own words. */
export function missingPermission({ status, info, message }: GoogleError): string | null {
  if (status !== 403) return null;
  // Accounts and hosts have dots in their names too.
  const named = /\b[a-z]+(?:\.[A-Za-z]+){2}\b/.exec(message.replace(/\S+\.com\b/g, ""))?.[0];
  return info?.metadata.permission ?? named ?? null;
}
