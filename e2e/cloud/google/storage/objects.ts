import { createHash } from "node:crypto";
import { bucketAt } from "#e2e/cloud/google/storage/buckets.ts";
import { crc32c } from "#e2e/cloud/google/storage/crc32c.ts";
import { readMultipart } from "#e2e/cloud/google/storage/multipart.ts";
import { GoogleError, notModelled } from "#e2e/cloud/google/google-error.ts";
import { isObject, mergePatch, stringAt, type JsonObject } from "#e2e/cloud/google/json.ts";
import { checkBody } from "#e2e/cloud/google/check-value.ts";
import { pageOf } from "#e2e/cloud/google/list-page.ts";
import { Media, param, type Call, type Handlers } from "#e2e/cloud/google/model.ts";
import type { Stored } from "#e2e/cloud/google/store.ts";

function objectIn(call: Call): Stored {
  const bucket = bucketAt(call);
  const name = param(call, "object");
  const found = call.model.store.get(`${bucket.key}/o/${encodeURIComponent(name)}`);
  const words = `No such object: ${stringAt(bucket.body, "name")}/${name}`;
  if (!found) throw new GoogleError(404, "notFound", words);
  return found;
}

/** What an upload says of the object, and what the object holds. */
function uploaded(call: Call): { metadata: JsonObject; contentType: string; bytes: Buffer } {
  const { query, upload } = call;
  const type = query.get("uploadType");
  if (!upload || (type !== "media" && type !== "multipart"))
    throw notModelled(`uploads of the type ${type ?? "none"}`);
  if (type === "media") return { metadata: {}, ...upload };
  const [first, second] = readMultipart(upload.contentType, upload.bytes);
  if (!first || !second) throw new GoogleError(400, "badRequest", "Malformed multipart body.");
  const parsed: unknown = JSON.parse(first.bytes.toString() || "{}");
  if (!isObject(parsed)) throw new GoogleError(400, "badRequest", "The metadata must be an object.");
  const metadata = checkBody(call.method.service, call.method.id, "Object", parsed);
  return { metadata, contentType: second.contentType, bytes: second.bytes };
}

function insert(call: Call): JsonObject {
  const { model, query } = call;
  const bucket = bucketAt(call);
  const { metadata, contentType, bytes } = uploaded(call);
  const name = query.get("name") ?? stringAt(metadata, "name");
  if (name === "" || Buffer.byteLength(name) > 1024)
    throw new GoogleError(400, "required", "Required parameter: name");
  const path = `${stringAt(bucket.body, "name")}/o/${encodeURIComponent(name)}`;
  const before = model.store.get(`storage/b/${path}`);
  const wanted = query.get("ifGenerationMatch");
  if (wanted !== null && wanted !== String(before?.body.generation ?? 0)) {
    throw new GoogleError(
      412,
      "conditionNotMet",
      "At least one of the pre-conditions you specified did not hold.",
    );
  }
  const now = model.clock.now().toISOString();
  const generation = model.store.nextId();
  const body: JsonObject = {
    storageClass: "STANDARD",
    contentType: contentType || "application/octet-stream",
    ...metadata,
    kind: "storage#object",
    name,
    id: `${stringAt(bucket.body, "name")}/${name}/${generation}`,
    bucket: stringAt(bucket.body, "name"),
    selfLink: `${model.url}/storage/v1/b/${path}`,
    mediaLink: `${model.url}/storage/v1/b/${path}?generation=${generation}&alt=media`,
    generation,
    metageneration: "1",
    size: String(bytes.length),
    md5Hash: createHash("md5").update(bytes).digest("base64"),
    crc32c: crc32c(bytes),
    etag: "CAE=",
    timeCreated: now,
    updated: now,
  };
  model.store.put(`storage/b/${path}`, body).bytes = bytes;
  return body;
}

function get(call: Call): JsonObject | Media {
  const stored = objectIn(call);
  if (call.query.get("alt") !== "media") return stored.body;
  return new Media(200, stringAt(stored.body, "contentType"), stored.bytes ?? Buffer.alloc(0));
}

function list(call: Call): JsonObject {
  const { query } = call;
  for (const name of ["delimiter", "matchGlob", "versions", "startOffset", "endOffset"]) {
    if (query.has(name)) throw notModelled(`the parameter ${name} of ${call.method.id}`);
  }
  const prefix = query.get("prefix") ?? "";
  const all = call.model.store
    .list(`${bucketAt(call).key}/o`)
    .map(({ body }) => body)
    .filter((body) => stringAt(body, "name").startsWith(prefix))
    .sort((a, b) => (stringAt(a, "name") < stringAt(b, "name") ? -1 : 1));
  const page = pageOf(all, Number(query.get("maxResults")), query.get("pageToken"));
  return { kind: "storage#objects", ...(page.items.length > 0 && page) };
}

function remove(call: Call): Media {
  call.model.store.remove(objectIn(call).key);
  return new Media(204, "", Buffer.alloc(0));
}

function patch(call: Call): JsonObject {
  const stored = objectIn(call);
  const metageneration = String(Number(stored.body.metageneration) + 1);
  stored.body = {
    ...mergePatch(stored.body, call.body),
    metageneration,
    updated: call.model.clock.now().toISOString(),
  };
  return stored.body;
}

export const objectHandlers: Handlers = {
  "storage.objects.insert": insert,
  "storage.objects.get": get,
  "storage.objects.list": list,
  "storage.objects.delete": remove,
  "storage.objects.patch": patch,
};
