import { admitUpload, prefixes } from "#e2e/cloud/google/service-paths.ts";
import { authenticate, authorize, findProject } from "#e2e/cloud/google/admit.ts";
import { checkAnswer } from "#e2e/cloud/google/check-answer.ts";
import { checkParameters } from "#e2e/cloud/google/check-query.ts";
import { badRequest, checkBody } from "#e2e/cloud/google/check-value.ts";
import { computeHandler } from "#e2e/cloud/google/compute/handlers.ts";
import { clusterHandlers } from "#e2e/cloud/google/container/clusters.ts";
import { containerOperations } from "#e2e/cloud/google/container/operations.ts";
import { poolHandlers } from "#e2e/cloud/google/container/pools.ts";
import { findMethod, type Method } from "#e2e/cloud/google/discovery.ts";
import { GoogleError, notModelled } from "#e2e/cloud/google/google-error.ts";
import { isObject, type JsonObject } from "#e2e/cloud/google/json.ts";
import { Media, type Call, type Handler, type Handlers, type Model } from "#e2e/cloud/google/model.ts";
import { otherHandlers } from "#e2e/cloud/google/other-apis.ts";
import { bucketHandlers } from "#e2e/cloud/google/storage/buckets.ts";
import { objectHandlers } from "#e2e/cloud/google/storage/objects.ts";

const handlers: Handlers = {
  ...clusterHandlers,
  ...poolHandlers,
  ...containerOperations,
  ...bucketHandlers,
  ...objectHandlers,
  ...otherHandlers,
};

export type Request = {
  method: string;
  url: URL;
  authorization: string | undefined;
  contentType: string;
  bytes: Buffer;
};

/** A connection that a test wants cut in place of an answer. */
export class CutError extends Error {}

/**
 * Answers one request to an API: found in Google's documents, checked against them, allowed, then done.
 *
 * @throws GoogleError whose code and JSON are the answer; CutError
 */
export async function answer(model: Model, request: Request): Promise<JsonObject | Media> {
  const { method, params, upload } = locate(model, request);
  const account = authenticate(model, request.authorization);
  const query = new URLSearchParams(request.url.searchParams);
  checkParameters(method, params, withoutUpload(query));
  const body = upload ? {} : bodyOf(method, request.bytes);
  const project = findProject(model, { method, params, query, body });
  const path = request.url.pathname.split("/").slice(3).join("/");
  if (project) authorize(model, method, project, account, path);
  const effects = model.faults.meet(request.method, request.url.pathname, request.bytes.toString());
  for (const effect of effects) {
    if (effect.kind === "cut" && !effect.after) throw new CutError();
    if (effect.kind === "answer" && !effect.after) throw effect.error;
  }
  await model.operations.settle();
  const handler = handlerFor(method);
  const operationError = effects.find((effect) => effect.kind === "operation")?.error ?? null;
  const uploaded = upload ? { contentType: request.contentType, bytes: request.bytes } : null;
  const call: Call = {
    model,
    method,
    params,
    query,
    body,
    account,
    operationError,
    upload: uploaded,
    project: project?.id ?? "",
  };
  const result = await once(call, handler);
  if (!(result instanceof Media)) checkAnswer(method, result);
  for (const effect of effects) {
    if (effect.kind === "cut") throw new CutError();
    if (effect.kind === "answer") throw effect.error;
  }
  return result;
}

function locate(model: Model, { method: verb, url }: Request) {
  const prefix = prefixes.find((each) => url.pathname.startsWith(each.path));
  const rest = prefix && url.pathname.slice(prefix.path.length);
  const found = prefix && findMethod(model.discovery[prefix.document], verb, rest!);
  if (!found) {
    throw new GoogleError(
      404,
      "notFound",
      `The requested URL ${url.pathname} was not found on this server: Google's documents have no ${verb} there.`,
    );
  }
  const upload = prefix.upload;
  if (upload) admitUpload(found.method, url.searchParams);
  return { ...found, upload };
}

/** How an upload comes isn't among a method's own parameters. */
function withoutUpload(query: URLSearchParams): URLSearchParams {
  const rest = new URLSearchParams(query);
  rest.delete("uploadType");
  return rest;
}

function bodyOf(method: Method, bytes: Buffer): JsonObject {
  if (bytes.length === 0) return {};
  if (!method.request) throw badRequest("", `${method.id} takes no request body.`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString());
  } catch {
    throw badRequest("", "Invalid JSON payload received. Parsing failed.");
  }
  if (!isObject(parsed))
    throw badRequest("", "Invalid JSON payload received. Root element must be a message.");
  return checkBody(method.service, method.id, method.request.$ref, parsed);
}

function handlerFor(method: Method): Handler {
  const known = method.service.name === "compute.beta" ? computeHandler(method) : handlers[method.id];
  if (!known) throw notModelled(`the method ${method.id}`);
  return known;
}

/** A write that carries the id of one before it is that one. */
async function once(call: Call, handler: Handler): Promise<JsonObject | Media> {
  const id = call.query.get("requestId");
  if (id === null) return handler(call);
  const key = `${call.account.email} ${call.method.id} ${id}`;
  const before = call.model.requestIds.get(key);
  if (before) return before;
  const result = await handler(call);
  if (!(result instanceof Media)) call.model.requestIds.set(key, result);
  return result;
}
