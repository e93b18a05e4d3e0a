import type { IncomingMessage } from "node:http";
import type { Model } from "#e2e/cloud/google/model.ts";

type Answer = { status: number; body: object | string; headers?: Record<string, string> };

/**
 * The paths where credentials become tokens: the token endpoint, what a token says of itself, and the metadata
 * server of a machine in Google's cloud. Null where a path is none of these.
 *
 * @param machine the account that the metadata server speaks for, or null where there is none
 */
export function answerCredentials(
  model: Model,
  machine: { email: string; project: string } | null,
  request: IncomingMessage,
  url: URL,
  body: string,
): Answer | null {
  if (url.pathname === "/token") return answerToken(model, request, body);
  if (url.pathname === "/tokeninfo") return model.tokens.info(url.searchParams.get("access_token") ?? "");
  if (url.pathname === "/" || url.pathname.startsWith("/computeMetadata/")) {
    return answerMetadata(model, machine, request, url);
  }
  return null;
}

function answerToken(model: Model, request: IncomingMessage, body: string): Answer {
  if (request.method !== "POST") return { status: 405, body: { error: "invalid_request" } };
  return model.tokens.grant(new URLSearchParams(body));
}

function answerMetadata(
  model: Model,
  machine: { email: string; project: string } | null,
  request: IncomingMessage,
  url: URL,
): Answer {
  if (!machine) return { status: 404, body: "There is no metadata server here." };
  const headers = { "Metadata-Flavor": "Google" };
  if (url.pathname === "/") return { status: 200, body: "computeMetadata/", headers };
  if (request.headers["metadata-flavor"] !== "Google") {
    return { status: 403, body: "Missing required header: Metadata-Flavor: Google", headers };
  }
  const path = url.pathname.replace("/computeMetadata/v1/", "");
  const account = path.replace(`/${machine.email}/`, "/default/");
  const known: Record<string, () => object | string> = {
    "project/project-id": () => machine.project,
    "project/numeric-project-id": () => model.projects.get(machine.project)?.number ?? "",
    "universe/universe-domain": () => "googleapis.com",
    "instance/service-accounts/default/email": () => machine.email,
    "instance/service-accounts/default/scopes": () => "https://www.googleapis.com/auth/cloud-platform\n",
    "instance/service-accounts/default/token": () => model.tokens.granted(machine.email).body,
  };
  const answer = known[account];
  return answer ? { status: 200, body: answer(), headers } : { status: 404, body: "Not Found", headers };
}
