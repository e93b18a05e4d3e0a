import { closeSync, existsSync, openSync, readSync, statSync, truncateSync } from "node:fs";
import { parseLogLine, type LogLine } from "#infra/haproxy/log-format.ts";
import type { LoadBalancer } from "#infra/local-runtime/haproxy/load-balancer.ts";
import { RequestCounter } from "#infra/traffic/count-requests.ts";
import { isRefusedData, writeRequests, type Counted } from "#infra/traffic/request-rows.ts";
import type { Db } from "#lib/db.ts";

/** Where the next line of each request log begins. */
type LogPosition = { inode: number; offset: number };
type LogPositions = Partial<Record<3 | 4, LogPosition>>;

const setting = "runtime.request_log";
const chunk = 1024 * 1024;
const fds = [3, 4] as const;

/**
 * Reads what HAProxy writes of each request into Postgres, each line once. The file is the buffer: while the
 * database is away nothing is read, and nothing is lost. Of two files one is written; when it is long, HAProxy
 * goes over to the other by a reload, and the first is emptied once it is read and no old worker writes to it.
 */
export class RequestLog {
  readonly #db: Db;
  readonly #balancer: LoadBalancer;
  readonly #files: Record<3 | 4, string>;
  readonly #sizeLimit: number;
  readonly #onCounted: (deploymentId: string) => void;
  readonly #onRefused: (error: unknown) => void;
  readonly #counter = new RequestCounter();
  #positions: LogPositions | null = null;
  /** counted, but not known to be written */
  #unwritten: { fd: 3 | 4; position: LogPosition; counted: Counted; wasTried: boolean } | null = null;

  constructor(parts: {
    db: Db;
    balancer: LoadBalancer;
    files: Record<3 | 4, string>;
    /** bytes from which on the other file is used */
    sizeLimit: number;
    onCounted(deploymentId: string): void;
    /** requests were counted, but the database refused to store them one by one */
    onRefused(error: unknown): void;
  }) {
    this.#db = parts.db;
    this.#balancer = parts.balancer;
    this.#files = parts.files;
    this.#sizeLimit = parts.sizeLimit;
    this.#onCounted = (deploymentId) => parts.onCounted(deploymentId);
    this.#onRefused = (error) => parts.onRefused(error);
  }

  /** Reads all there is. @throws what the database throws; the next call goes on where this one stopped */
  async read(): Promise<void> {
    const positions = (this.#positions ??= await readPositions(this.#db));
    await this.#write(positions);
    for (const fd of fds) {
      while (await this.#readChunk(fd, positions));
    }
  }

  /** Lets no file grow for ever. */
  async rotate(): Promise<void> {
    if (!this.#positions) return;
    const resting = this.#balancer.logFd === 3 ? 4 : 3;
    if (bytesOnDisk(this.#files[this.#balancer.logFd]) < this.#sizeLimit) return;
    if (bytesOnDisk(this.#files[resting]) > 0 && !(await this.#empty(resting, this.#positions))) return;
    await this.#balancer.switchLog();
  }

  async #readChunk(fd: 3 | 4, positions: LogPositions): Promise<boolean> {
    const file = this.#files[fd];
    if (!existsSync(file)) return false;
    const { ino: inode, size } = statSync(file);
    const known = positions[fd];
    const from = known?.inode === inode && known.offset <= size ? known.offset : 0;
    const { lines, bytes } = wholeLines(file, from, Math.min(size - from, chunk));
    if (bytes === 0) return false;
    const position = { inode, offset: from + bytes };
    this.#unwritten = { fd, position, counted: this.#counter.count(lines), wasTried: false };
    await this.#write(positions);
    return true;
  }

  /**
   * Writes what was counted, once: a line counted again would be in the percentiles twice, and a try whose answer
   * was lost may have worked.
   */
  async #write(positions: LogPositions): Promise<void> {
    const unwritten = this.#unwritten;
    if (!unwritten) return;
    const { fd, position, counted, wasTried } = unwritten;
    const next: LogPositions = { ...positions, [fd]: position };
    const stored = wasTried ? (await readPositions(this.#db))[fd] : undefined;
    unwritten.wasTried = true;
    if (stored?.inode !== position.inode || stored.offset !== position.offset) {
      const progress = { name: setting, value: JSON.stringify(next) };
      await writeRequests(this.#db, counted, progress).catch((error: unknown) => {
        if (!isRefusedData(error)) throw error;
        this.#onRefused(error);
        // One request that can't be stored must not keep all others from being counted.
        return writeRequests(this.#db, { ...counted, requests: [] }, progress);
      });
    }
    positions[fd] = position;
    this.#unwritten = null;
    for (const { deploymentId } of counted.samples) this.#onCounted(deploymentId);
  }

  /**
   * Gives back the space of what was read, and keeps the length: HAProxy goes on writing where it stands, so what is
   * before stays a hole, and the reader's offset stays right.
   */
  async #empty(fd: 3 | 4, positions: LogPositions): Promise<boolean> {
    const file = this.#files[fd];
    const stats = await this.#balancer.stats();
    const { size } = statSync(file);
    if (!stats || stats.oldWorkers.length > 0 || positions[fd]?.offset !== size) return false;
    truncateSync(file, 0);
    truncateSync(file, size);
    return true;
  }
}

async function readPositions(db: Db): Promise<LogPositions> {
  const row = await db.setting.findUnique({ where: { name: setting } });
  return row ? (JSON.parse(row.value) as LogPositions) : {};
}

function wholeLines(file: string, from: number, length: number): { lines: LogLine[]; bytes: number } {
  const buffer = Buffer.alloc(Math.max(length, 0));
  const fd = openSync(file, "r");
  try {
    const read = readSync(fd, buffer, 0, buffer.length, from);
    const bytes = buffer.subarray(0, read).lastIndexOf(0x0a) + 1;
    const text = buffer.toString("utf8", 0, bytes);
    return { lines: text.split("\n").flatMap((line) => parseLogLine(line) ?? []), bytes };
  } finally {
    closeSync(fd);
  }
}

/** Without holes. stat counts blocks of 512 bytes, whatever the file system's own are. */
function bytesOnDisk(file: string): number {
  return existsSync(file) ? statSync(file).blocks * 512 : 0;
}
