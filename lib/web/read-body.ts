import { SluiceError } from "#lib/errors.ts";

const defaultLimitBytes = 256 * 1024;

/**
 * The body's bytes.
 *
 * @param limit the most bytes it may have, 256 KB unless told
 * @throws SluiceError `too_large`
 */
export async function readBody(request: Request, limit = defaultLimitBytes): Promise<Buffer> {
  const tooLarge = () => new SluiceError("too_large", `A request's body has at most ${inUnits(limit)}.`);
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge();
  if (!request.body) return Buffer.alloc(0);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body) {
    size += part.byteLength;
    if (size > limit) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function inUnits(bytes: number): string {
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${kilobytes} KB` : `${kilobytes / 1024} MB`;
}

/** @throws SluiceError `malformed` where it isn't JSON; an empty body reads as `undefined` */
export function parseJson(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new SluiceError("malformed", "The body isn't JSON.");
  }
}
