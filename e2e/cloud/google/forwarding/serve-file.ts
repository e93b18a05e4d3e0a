import type { IncomingMessage, ServerResponse } from "node:http";
import { objectAt, stringAt, type JsonObject } from "#e2e/cloud/google/json.ts";
import type { Model } from "#e2e/cloud/google/model.ts";
import { isPublic } from "#e2e/cloud/google/storage/buckets.ts";

/** Answers with a file of a backend bucket, which anybody must be allowed to read. */
export function serveFile(
  model: Model,
  backend: JsonObject,
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const bucket = stringAt(backend, "bucketName");
  const site = objectAt(model.store.get(`storage/b/${bucket}`)?.body ?? {}, "website");
  const path = decodeURIComponent(target.split("?")[0]!).slice(1);
  const name = path === "" || path.endsWith("/") ? path + stringAt(site, "mainPageSuffix") : path;
  const found = model.store.get(`storage/b/${bucket}/o/${encodeURIComponent(name)}`);
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405, "MethodNotAllowed");
  if (!isPublic(model, bucket)) return refuse(response, 403, "AccessDenied");
  if (!found) return refuse(response, 404, "NoSuchKey");
  const bytes = found.bytes ?? Buffer.alloc(0);
  response.writeHead(200, {
    "content-type": stringAt(found.body, "contentType"),
    "cache-control": stringAt(found.body, "cacheControl") || "public, max-age=3600",
    "content-length": bytes.length,
    etag: `"${stringAt(found.body, "md5Hash")}"`,
    via: "1.1 google",
  });
  response.end(request.method === "HEAD" ? undefined : bytes);
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "content-type": "application/xml; charset=UTF-8" });
  response.end(`<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code></Error>`);
}
