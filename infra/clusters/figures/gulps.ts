import type { Readable } from "node:stream";

/** With more than this the source has to wait. */
const mostBytes = 4 * 1024 * 1024;

/**
 * Reads a stream in as few parts as can be: each is all that has come while the one before was worked on. (A stream's
 * own iterator gives one chunk at a time, however many there are.)
 *
 * @throws what broke the stream, after all that had come
 */
export async function* gulps(source: Readable): AsyncGenerator<Buffer, void> {
  let parts: Buffer[] = [];
  let bytes = 0;
  let end: { error: Error | null } | null = null;
  let wake = () => {};
  const stop = (error: Error | null) => {
    end ??= { error };
    wake();
  };
  const howItEnded = () => end;
  source.on("data", (part: Buffer) => {
    parts.push(part);
    bytes += part.length;
    if (bytes > mostBytes) source.pause();
    wake();
  });
  source.once("end", () => stop(null));
  source.once("error", stop);
  source.once("close", () => stop(new Error("The connection was closed.")));
  try {
    for (;;) {
      if (parts.length > 0) {
        const all = Buffer.concat(parts);
        parts = [];
        bytes = 0;
        source.resume();
        yield all;
        continue;
      }
      const ended = howItEnded();
      if (ended?.error) throw ended.error;
      if (ended) return;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    source.destroy();
  }
}
