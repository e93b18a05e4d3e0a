import { closeSync, existsSync, fstatSync, openSync, readSync, statSync, truncateSync } from "node:fs";

const chunk = 256 * 1024;
const newline = 0x0a;

/**
 * Follows a replica's log file. The file itself is cut back once it is long and has been read; one that is written
 * faster than it is read is skipped, so that it can't fill the disk. Lines are whole, for secrets are looked for in
 * them: who stores them cuts them.
 */
export class LogTail {
  readonly #file: string;
  readonly #sizeLimit: number;
  #offset: number;
  /** within a line whose beginning has been given, or left out */
  #inLine = false;

  /** @param from where to begin: a byte offset; the end unless told */
  constructor(file: string, from?: number, sizeLimit = 4 * 1024 * 1024) {
    this.#file = file;
    this.#sizeLimit = sizeLimit;
    this.#offset = from ?? sizeOf(file);
  }

  /** The whole lines written since the last call, at most about 256 kB of them; of a longer line the beginning. */
  read(): string[] {
    if (!existsSync(this.#file)) return [];
    const fd = openSync(this.#file, "r");
    try {
      const { size } = fstatSync(fd);
      if (size < this.#offset) this.#offset = 0;
      const behind = size - this.#offset;
      if (behind > this.#sizeLimit || size > 4 * this.#sizeLimit) return this.#skip(behind);
      const lines = this.#take(fd, Math.min(chunk, behind));
      if (this.#offset >= this.#sizeLimit && this.#offset === sizeOf(this.#file)) this.#empty();
      return lines;
    } finally {
      closeSync(fd);
    }
  }

  #take(fd: number, length: number): string[] {
    const buffer = Buffer.alloc(length);
    const bytes = buffer.subarray(0, readSync(fd, buffer, 0, length, this.#offset));
    const end = bytes.lastIndexOf(newline) + 1;
    const isTooLong = end === 0 && bytes.length === chunk;
    const whole = isTooLong ? bytes : bytes.subarray(0, end);
    this.#offset += whole.length;
    const lines = whole.toString("utf8").split("\n");
    if (!isTooLong) lines.pop();
    if (this.#inLine && whole.length > 0) lines.shift();
    if (whole.length > 0) this.#inLine = isTooLong;
    return lines.map(clean);
  }

  #skip(bytes: number): string[] {
    this.#empty();
    this.#inLine = true;
    return [`… ${Math.ceil(bytes / 1024)} kB were left out here: more is written than can be kept.`];
  }

  /** Writers append, so a file cut to nothing goes on from there. */
  #empty(): void {
    truncateSync(this.#file, 0);
    this.#offset = 0;
  }
}

/** The last lines of a log file from an offset on: what the newest start wrote. */
export function lastLines(file: string, from: number, count = 20): string[] {
  const size = sizeOf(file);
  // It was emptied since: all that is in it is newer.
  const since = size < from ? 0 : from;
  const start = Math.max(since, size - chunk);
  const buffer = Buffer.alloc(size - start);
  if (buffer.length === 0) return [];
  const fd = openSync(file, "r");
  try {
    readSync(fd, buffer, 0, buffer.length, start);
  } finally {
    closeSync(fd);
  }
  const lines = buffer.toString("utf8").split("\n");
  // The end of a line could be the end of a secret.
  if (start > since) lines.shift();
  return lines
    .filter((line) => line.trim() !== "")
    .slice(-count)
    .map(clean);
}

export function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

/** Postgres takes no zero bytes, and nobody reads colour codes. */
function clean(line: string): string {
  return line.replaceAll(/\u001b\[[0-9;]*m|\0|\r/g, "");
}
