import { createWriteStream } from "node:fs";
import http from "node:http";
import https from "node:https";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ToolError } from "#infra/tools/tool.ts";

export type DownloadOptions = {
  signal: AbortSignal;
  /** called at each whole per cent, where the server tells the length */
  onProgress?(fraction: number): void;
  /** milliseconds until a connection must stand */
  connectMs?: number;
  /** milliseconds without a byte after which it counts as stalled */
  stallMs?: number;
};

/**
 * Streams what is at an address into a file, following redirects.
 *
 * @throws ToolError with the reason: `unreachable`, `stalled`, `not_there`, `cut_short`
 */
export async function download(url: string, file: string, options: DownloadOptions): Promise<void> {
  const response = await open(url, options, 5);
  const { host } = new URL(url);
  const expected = Number(response.headers["content-length"]) || null;
  let received = 0;
  let percent = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      const reached = expected === null ? 0 : Math.floor((100 * received) / expected);
      if (reached > percent) options.onProgress?.((percent = reached) / 100);
      done(null, chunk);
    },
  });
  try {
    await pipeline(response, count, createWriteStream(file, { mode: 0o600 }), { signal: options.signal });
  } catch (cause) {
    options.signal.throwIfAborted();
    if (cause instanceof ToolError) throw cause;
    throw cutShort(host, received, expected, cause);
  }
  if (expected !== null && received !== expected) throw cutShort(host, received, expected, null);
}

function open(url: string, options: DownloadOptions, redirects: number): Promise<http.IncomingMessage> {
  const { signal, connectMs = 5_000, stallMs = 30_000 } = options;
  const { host, protocol } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = (protocol === "http:" ? http : https).get(url, { signal, agent: false });
    const connecting = setTimeout(() => {
      request.destroy(
        new ToolError("unreachable", `${host} can't be reached: no connection in ${connectMs / 1000} s.`),
      );
    }, connectMs);
    request.once("socket", (socket) => {
      socket.once(protocol === "http:" ? "connect" : "secureConnect", () => clearTimeout(connecting));
    });
    request.setTimeout(stallMs, () => {
      const stalled = new ToolError("stalled", `${host} sent nothing for ${stallMs / 1000} s.`);
      received?.destroy(stalled);
      request.destroy(stalled);
    });
    let received: http.IncomingMessage | null = null;
    request.once("close", () => clearTimeout(connecting));
    request.once("error", (cause) => {
      if (signal.aborted) return reject(signal.reason as Error);
      if (cause instanceof ToolError) return reject(cause);
      reject(new ToolError("unreachable", `${host} can't be reached (${cause.message}).`, { cause }));
    });
    request.once("response", (response) => {
      received = response;
      const { statusCode = 0, headers } = response;
      if (statusCode === 200) return resolve(response);
      response.destroy();
      if (statusCode >= 300 && statusCode < 400 && headers.location && redirects > 0) {
        return resolve(open(new URL(headers.location, url).href, options, redirects - 1));
      }
      reject(new ToolError("not_there", `${host} answered with ${statusCode} for ${new URL(url).pathname}.`));
    });
  });
}

function cutShort(host: string, received: number, expected: number | null, cause: unknown): ToolError {
  const of = expected === null ? "" : ` of ${expected}`;
  return new ToolError("cut_short", `The download from ${host} ended after ${received}${of} bytes.`, {
    cause,
  });
}
