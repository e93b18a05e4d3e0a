import { EngineError } from "#infra/engine/driver.ts";
import { disabledApi, generalRefusal, missingPermission } from "#infra/google/explain-trouble.ts";
import { GoogleError, GoogleUnreachable, TokenError } from "#infra/google/google-error.ts";
import { apiLink, neededApis, roleOf } from "#lib/targets/gke/rights.ts";

/** What a refusal or a silence of Google's means to whoever deploys. Other errors are given back as they came. */
export function explainGoogle(error: unknown, project: string): unknown {
  if (error instanceof TokenError)
    return new EngineError("target_refused", `${error.message} ${error.todo} Then retry.`, [], error);
  if (error instanceof GoogleUnreachable)
    return new EngineError("target_unreachable", `${error.message} Retry once it does.`, [], error);
  return error instanceof GoogleError ? refusal(error, project) : error;
}

function refusal(error: GoogleError, project: string): EngineError {
  const { status, info, message } = error;
  const api = disabledApi(error);
  if (api) {
    const link = info?.metadata.activationUrl ?? apiLink(api, project);
    return new EngineError("api_disabled", apiSentence([{ title: neededApis[api] ?? api, link }]), [], error);
  }
  if (status === 429 || status >= 500)
    return new EngineError(
      "target_unreachable",
      `Google can't answer just now (${status}): ${message} Retry in a few minutes.`,
      [],
      error,
    );
  const general = generalRefusal(error, project);
  if (general)
    return new EngineError("target_refused", `${general.message} ${general.todo} Then retry.`, [], error);
  if (status === 404 && !/projects\/[^/\s'"]+\//.test(message)) {
    const words = `Google finds no project ${project}, or the target's account may not see it (${message}). Have an admin look at the target, then retry.`;
    return new EngineError("target_refused", words, [], error);
  }
  if (status === 401) {
    const words = "Google doesn't take the target's credentials. Give the target new ones, then retry.";
    return new EngineError("target_refused", words, [], error);
  }
  if (status === 403) return new EngineError("target_refused", rightSentence(error, project), [], error);
  return new EngineError("engine_failed", `Google refuses it (${status}): ${message}`, [], error);
}

function rightSentence(error: GoogleError, project: string): string {
  const permission = missingPermission(error);
  const role = permission && roleOf(permission);
  const give = role ? ` Give it the role ${role.title} (${role.role}), then retry.` : " Then retry.";
  return permission
    ? `The target's account lacks the right ${permission} in the project ${project}.${give}`
    : `Google doesn't allow it: ${error.message} Give the target's account the rights that the targets page lists, then retry.`;
}

/** Which APIs have to be enabled, each with its link. */
export function apiSentence(apis: { title: string; link: string }[]): string {
  const named = apis.map(({ title, link }) => `${title} (${link})`).join(", ");
  const [what, them] = apis.length === 1 ? ["An API isn't", "it"] : ["APIs aren't", "them"];
  return `${what} enabled in the project: ${named}. Enable ${them}, and retry some minutes later.`;
}
