import { closeSync, existsSync, fstatSync, openSync, readSync, statSync, truncateSync } from "node:fs";

const chunk = 256 * 1024;
const longestLine = 4_000;

/** Follows a replica's log file. The file itself is cut back once it is long and has been read. */
export class LogTail {
  readonly #file: string;
  readonly #sizeLimit: number;
  #offset: number;
  #rest = "";

  /** @param from where to begin: a byte offset; the end unless told */
  constructor(file: string, from?: number, sizeLimit = 4 * 1024 * 1024) {
    this.#file = file;
    this.#sizeLimit = sizeLimit;
    this.#offset = from ?? sizeOf(file);
  }

  /** The whole lines written since the last call, at most about 256 kB of them. */
  read(): string[] {
    if (!existsSync(this.#file)) return [];
    const fd = openSync(this.#file, "r");
    try {
      const { size } = fstatSync(fd);
      if (size < this.#offset) this.#offset = 0;
      const buffer = Buffer.alloc(Math.min(chunk, size - this.#offset));
      const read = buffer.length === 0 ? 0 : readSync(fd, buffer, 0, buffer.length, this.#offset);
      this.#offset += read;
      // Writers append, so a file cut to nothing goes on from there.
      if (this.#offset >= this.#sizeLimit && this.#offset === sizeOf(this.#file)) {
        truncateSync(this.#file, 0);
        this.#offset = 0;
      }
      const lines = (this.#rest + buffer.toString("utf8", 0, read)).split("\n");
      this.#rest = (lines.pop() ?? "").slice(-longestLine);
      return lines.map(clean);
    } finally {
      closeSync(fd);
    }
  }
}

/** The last lines of a log file from an offset on: what the newest start wrote. */
export function lastLines(file: string, from: number, count = 20): string[] {
  const size = sizeOf(file);
  if (size <= from) return [];
  const start = Math.max(from, size - 64 * 1024);
  const buffer = Buffer.alloc(size - start);
  const fd = openSync(file, "r");
  try {
    readSync(fd, buffer, 0, buffer.length, start);
  } finally {
    closeSync(fd);
  }
  return buffer
    .toString("utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-count)
    .map(clean);
}

export function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

/** Postgres takes no zero bytes, and nobody reads colour codes. */
function clean(line: string): string {
  return line.replaceAll(/\u001b\[[0-9;]*m|\0|\r/g, "").slice(0, longestLine);
}
