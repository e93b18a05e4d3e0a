import type { IncomingMessage } from "node:http";
import { Refusal } from "./refusal.ts";

/**
 * Reads a request's body, at most `maxBytes`.
 *
 * @throws Refusal 413 as soon as the limit is passed; the rest is left unread
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(maxBytes: number): Refusal {
  const limit = maxBytes >= 1e6 ? `${(maxBytes / 1e6).toFixed(1)} MB` : `${Math.floor(maxBytes / 1e3)} kB`;
  return new Refusal(413, "too_large", `The body is larger than ${limit}. Send a smaller one.`);
}

/**
 * Reads a body as a JSON object.
 *
 * @throws Refusal 400 where it isn't one
 */
export function parseObject(body: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new Refusal(400, "malformed", "The body is not valid JSON in UTF-8.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Refusal(400, "malformed", "The body must be a JSON object.");
  }
  return value as Record<string, unknown>;
}
