import type { Method } from "#e2e/cloud/google/discovery.ts";
import { GoogleError, notFound } from "#e2e/cloud/google/google-error.ts";
import { stringAt, stringsAt, type JsonObject } from "#e2e/cloud/google/json.ts";
import type { Model, Project } from "#e2e/cloud/google/model.ts";
import { apis } from "#e2e/cloud/google/other-apis.ts";
import { permissionOf } from "#e2e/cloud/google/permissions.ts";
import type { Account } from "#e2e/cloud/google/tokens.ts";

/** Whose request it is. @throws GoogleError 401 */
export function authenticate(model: Model, authorization: string | undefined): Account {
  const [, token] = /^Bearer (\S+)$/i.exec(authorization ?? "") ?? [];
  const expected =
    "Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.";
  if (!token) {
    const message = `Request is missing required authentication credential. ${expected}`;
    throw new GoogleError(401, "required", message, { details: [errorInfo("CREDENTIALS_MISSING")] });
  }
  const account = model.tokens.accountOf(token);
  if (account) return account;
  const message = `Request had invalid authentication credentials. ${expected}`;
  throw new GoogleError(401, "authError", message, { details: [errorInfo("ACCESS_TOKEN_INVALID")] });
}

type Asked = { method: Method; params: Record<string, string>; query: URLSearchParams; body: JsonObject };

/** The project that a request is about, or null where the thing that it names isn't there. */
export function findProject(model: Model, asked: Asked): Project | null {
  const named = projectNamed(model, asked);
  if (named === null) return null;
  const found = [...model.projects.values()].find(({ id, number }) => id === named || number === named);
  if (found) return found;
  if (asked.method.service.name === "compute.beta") throw notFound(`projects/${named}`);
  const message = `Permission denied on resource project ${named}.`;
  throw new GoogleError(403, "forbidden", message, { details: [errorInfo("CONSUMER_INVALID")] });
}

function projectNamed(model: Model, { method, params, query, body }: Asked): string | null {
  if (method.service.name === "storage.v1") {
    const stored = model.store.get(`storage/b/${params.bucket}`);
    return query.get("project") ?? (stored ? stringAt(stored.body, "x-project") : null);
  }
  if (method.service.name === "logging.v2") return stringsAt(body, "resourceNames")[0]?.split("/")[1] ?? "";
  if (method.id.startsWith("cloudresourcemanager.")) return params.projectId ?? params.resource ?? "";
  const path = Object.values(params).find((value) => value.startsWith("projects/"));
  const named = params.project ?? path?.split("/")[1] ?? "";
  return named === "-" ? ownerOf(model, path ?? "") : named;
}

/** A dash stands for the project of the service account that follows. */
function ownerOf(model: Model, path: string): string | null {
  const email = path.split("/").at(-1);
  const stored = model.store.all().find(({ key }) => key.startsWith("iam/") && key.endsWith(`/${email}`));
  return stored?.key.split("/")[1] ?? null;
}

/** Whether the API is enabled and the account may. @throws GoogleError 403 */
export function authorize(
  model: Model,
  method: Method,
  project: Project,
  account: Account,
  path: string,
): void {
  const api = `${method.service.name.split(".")[0]}.googleapis.com`;
  if (!project.services.has(api)) throw disabled(api, project);
  const permission = permissionOf(method);
  if (permission === null || model.permissions.has(project.id, account.email, permission)) return;
  throw new GoogleError(403, "forbidden", words(method, permission, account, path), {
    details: [errorInfo("IAM_PERMISSION_DENIED", { permission })],
  });
}

/** Each API refuses in its own words; the permission is in all of them. */
function words(method: Method, permission: string, account: Account, path: string): string {
  switch (method.service.name) {
    case "compute.beta":
      return `Required '${permission}' permission for '${path}'`;
    case "container.v1beta1":
      return `Required "${permission}" permission(s) for "${path}".`;
    case "storage.v1":
      return `${account.email} does not have ${permission} access to the Google Cloud Storage resource. Permission '${permission}' denied on resource (or it may not exist).`;
    default:
      return `Permission '${permission}' denied on resource '${path}' (or it may not exist).`;
  }
}

function disabled(api: string, { id, number }: Project): GoogleError {
  const page = `https://console.developers.google.com/apis/api/${api}/overview?project=${id}`;
  const message = `${apis[api]} has not been used in project ${number} before or it is disabled. Enable it by visiting ${page} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`;
  return new GoogleError(403, "accessNotConfigured", message, {
    details: [errorInfo("SERVICE_DISABLED", { service: api, consumer: `projects/${number}` })],
  });
}

const errorInfo = (reason: string, metadata: Record<string, string> = {}) => ({
  "@type": "type.googleapis.com/google.rpc.ErrorInfo",
  reason,
  domain: "googleapis.com",
  metadata,
});
