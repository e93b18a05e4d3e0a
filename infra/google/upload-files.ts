import { createHash } from "node:crypto";
import * as z from "zod";
import type { GoogleApi } from "#infra/google/api-client.ts";
import { inParallel } from "#infra/google/in-parallel.ts";
import { listAll } from "#infra/google/list-all.ts";
import { contentTypeOf } from "#lib/archives/content-type.ts";
import { archiveLimits } from "#lib/archives/limits.ts";
import { openZip, type ZippedFile } from "#lib/archives/open-zip.ts";

/** How many files are on their way at once. */
const parallel = 4;
/** A new archive's files have the old one's addresses, so nobody keeps those for long. */
const cacheControl = "public, max-age=60";

/** What Cloud Storage says of a file; the sum is base64, and missing for a composed one. */
const object = z.object({
  name: z.string(),
  md5Hash: z.string().optional(),
  contentType: z.string().optional(),
  cacheControl: z.string().optional(),
});
type Stored = z.infer<typeof object>;

/** How many files were sent, were there already, and were removed. */
export type Uploaded = { sent: number; same: number; removed: number };

/**
 * Makes a bucket hold exactly an archive's files: what is there already isn't sent again, so a run that was broken off is
 * taken up where it ended; what the archive lacks is removed last. The bucket is a deployment's own.
 *
 * @throws GoogleError and what else the API throws
 * @throws SluiceError `invalid` where the archive can't be read
 */
export async function uploadFiles(
  api: GoogleApi,
  { bucket, zip }: { bucket: string; zip: Buffer },
  signal?: AbortSignal,
): Promise<Uploaded> {
  const { files } = await openZip(zip);
  const place = `b/${encodeURIComponent(bucket)}/o`;
  const list = { service: "storage", path: place, query: { maxResults: "1000" }, signal } as const;
  const before = z.array(object).parse(await listAll(api, list));
  const byName = new Map(before.map((stored) => [stored.name, stored]));
  let sent = 0;
  await inParallel(
    parallel,
    files,
    async (file, ending) => {
      const isSent = await put(api, place, file, byName.get(file.path), ending);
      if (isSent) sent++;
    },
    signal,
  );
  const wanted = new Set(files.map(({ path }) => path));
  const old = before.filter(({ name }) => !wanted.has(name));
  await inParallel(
    parallel,
    old,
    async ({ name }, ending) => {
      const path = `${place}/${encodeURIComponent(name)}`;
      await api.find({ service: "storage", method: "DELETE", path, signal: ending });
    },
    signal,
  );
  return { sent, same: files.length - sent, removed: old.length };
}

/** @returns whether it had to be sent */
async function put(
  api: GoogleApi,
  place: string,
  file: ZippedFile,
  stored: Stored | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const content = await file.unpack(archiveLimits.unpackedBytes);
  const contentType = contentTypeOf(file.path);
  const md5Hash = createHash("md5").update(content).digest("base64");
  const isSame =
    stored?.md5Hash === md5Hash && stored.contentType === contentType && stored.cacheControl === cacheControl;
  if (isSame) return false;
  // With the sum of what was sent Google refuses what arrived otherwise.
  const { body, type } = multipart(
    { name: file.path, contentType, cacheControl, md5Hash },
    contentType,
    content,
  );
  await api.upload({
    path: place,
    query: { uploadType: "multipart" },
    contentType: type,
    bytes: body,
    signal,
  });
  return true;
}

/** A file with what is said of it, in one body (RFC 2387). */
function multipart(metadata: object, contentType: string, content: Buffer) {
  // By the content, so that no content has it in it but by finding a collision of SHA-256.
  const boundary = `sluice-${createHash("sha256").update(content).digest("hex")}`;
  const head =
    `--${boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n${JSON.stringify(metadata)}\r\n` +
    `--${boundary}\r\nContent-Type: ${contentType}\r\n\r\n`;
  const body = new Uint8Array(
    Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  );
  return { body, type: `multipart/related; boundary=${boundary}` };
}
