import { execFile, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { CommandFailure } from "#infra/local-runtime/failure.ts";
import type { Folders } from "#infra/local-runtime/folders.ts";
import { ask, askMaster } from "#infra/local-runtime/haproxy/ask.ts";
import {
  isAlive,
  processesOf,
  signalProcess,
  startTime,
  untilGone,
  type ProcessId,
} from "#infra/local-runtime/process-table.ts";
import { listeningPorts } from "#infra/local-runtime/ports.ts";
import { waitUntil } from "#infra/local-runtime/wait-until.ts";
import { writeAtomically } from "#infra/local-runtime/write-atomically.ts";

const record = z.object({ pid: z.int(), startTime: z.string() });

/** All it gets of ours: no address of a database, no key. */
const environment = { PATH: process.env.PATH } as Record<string, string | undefined> as NodeJS.ProcessEnv;

/** HAProxy's files: two request logs (one is written, the other rests), its own words, its pid. */
export function haproxyFiles(folders: Folders) {
  const file = (name: string) => path.join(folders.haproxy, name);
  return {
    config: file("haproxy.cfg"),
    candidate: file("candidate.cfg"),
    pid: file("process.json"),
    output: file("output.log"),
    requestLogs: { 3: file("requests-a.log"), 4: file("requests-b.log") },
  };
}

/**
 * HAProxy takes the flag for appending off its log's descriptor (its fd_set_nonblock sets all flags anew) and writes
 * from where that descriptor stands. Writing moves it to the end, and ends a line that was broken off there.
 */
function openAtEnd(file: string): number {
  const fd = openSync(file, "a", 0o600);
  writeSync(fd, "\n");
  return fd;
}

/** The master process, which keeps one worker and replaces it at a reload. It outlives the runtime. */
export class HaproxyProcess {
  readonly #binary: string;
  readonly #folders: Folders;
  readonly #files: ReturnType<typeof haproxyFiles>;
  #id: ProcessId | null = null;

  constructor(binary: string, folders: Folders) {
    this.#binary = binary;
    this.#folders = folders;
    this.#files = haproxyFiles(folders);
  }

  get pid(): number | null {
    return this.#id?.pid ?? null;
  }

  isRunning(): boolean {
    return this.#id !== null && isAlive(this.#id);
  }

  /** Takes over the one that an earlier runtime left running, if it answers. */
  async adopt(): Promise<boolean> {
    if (!existsSync(this.#files.pid)) return false;
    const found = record.parse(JSON.parse(readFileSync(this.#files.pid, "utf8")));
    if (!isAlive(found)) return false;
    this.#id = found;
    const answers = await ask(this.#folders.adminSocket, "show info").then(
      (text) => text.includes("Version"),
      () => false,
    );
    if (!answers) await this.kill();
    return answers;
  }

  /** Workers of a master that was killed may still hold the ports. */
  async endLeftovers(): Promise<void> {
    for (const left of processesOf("haproxy", ["-W", this.#files.config])) {
      signalProcess(left, "SIGKILL");
      await untilGone(left, 2_000);
    }
  }

  /** @throws CommandFailure `load_balancer_failed` with its own words if it doesn't come up */
  async start(): Promise<void> {
    const output = openSync(this.#files.output, "w", 0o600);
    const logs = Object.values(this.#files.requestLogs).map(openAtEnd);
    const args = ["-W", "-f", this.#files.config, "-S", `${this.#folders.masterSocket},mode,600`];
    const child = spawn(this.#binary, args, {
      cwd: this.#folders.haproxy,
      detached: true,
      env: environment,
      stdio: ["ignore", output, output, ...logs],
    });
    for (const fd of [output, ...logs]) closeSync(fd);
    child.on("error", () => {});
    child.unref();
    const since = child.pid === undefined ? null : startTime(child.pid);
    if (child.pid === undefined || since === null) throw this.#failed("HAProxy couldn't be started.");
    this.#id = { pid: child.pid, startTime: since };
    writeAtomically(this.#files.pid, JSON.stringify(this.#id));
    const up = await waitUntil(
      async () => {
        if (!this.isRunning()) return false;
        const answer = await ask(this.#folders.adminSocket, "show info").catch(() => "");
        return answer.includes("Version") || undefined;
      },
      { boundMs: 10_000, everyMs: 20 },
    );
    if (!up) {
      await this.kill();
      throw this.#failed("HAProxy ended or didn't answer after its start.");
    }
  }

  /**
   * Lets a new worker run by this text; if it is refused, all stays as it was.
   *
   * @returns `broken` if not even the file before is accepted any more: then only a fresh start helps
   * @throws CommandFailure `load_balancer_failed`
   */
  async apply(text: string): Promise<"done" | "broken"> {
    const { config } = this.#files;
    const before = existsSync(config) ? readFileSync(config, "utf8") : text;
    const checked = await this.#check(text);
    if (!checked.ok) throw refused(checked.words);
    writeAtomically(config, text);
    const done = await this.#reload().catch((error: unknown) => {
      // Nobody knows by which it runs now: the file that isn't what is wanted lets the next try reload again.
      writeAtomically(config, before);
      throw error;
    });
    if (done.ok) return "done";
    writeAtomically(config, before);
    // A start that fails at a port pauses the old worker's listeners, and these may not come back.
    if (!(await this.#reload()).ok) return "broken";
    throw refused(done.words);
  }

  /** Whether HAProxy accepts this text; its words about it if not. */
  async #check(text: string): Promise<{ ok: true } | { ok: false; words: string[] }> {
    writeAtomically(this.#files.candidate, text);
    return new Promise((resolve) => {
      const options = { cwd: this.#folders.haproxy, timeout: 20_000, env: environment };
      // The request logs' descriptors aren't open here; only their numbers are checked.
      execFile(this.#binary, ["-c", "-q", "-f", this.#files.candidate], options, (error, stdout, stderr) => {
        if (!error) return resolve({ ok: true });
        resolve({ ok: false, words: tail(`${stdout}${stderr}`) });
      });
    });
  }

  /**
   * Lets a new worker take over by the file as it is now; the old one finishes what it has. Resolves when the old
   * one accepts nothing more: until then a request could still be answered by the configuration before.
   */
  async #reload(): Promise<{ ok: true } | { ok: false; words: string[] }> {
    const before = await this.workers();
    // The master doesn't always close this connection after its answer.
    const answer = await ask(this.#folders.masterSocket, "reload", {
      boundMs: 15_000,
      until: /Success=[01]\n/,
    });
    if (!answer.startsWith("Success=1")) {
      return { ok: false, words: tail(readFileSync(this.#files.output, "utf8")) };
    }
    const handedOver = () => listeningPorts(before).size === 0 || undefined;
    await waitUntil(handedOver, { everyMs: 5, boundMs: 5_000 });
    return { ok: true };
  }

  /** Pids of the current worker and of old ones that still finish what they have. */
  async workers(): Promise<number[]> {
    const text = await askMaster(this.#folders.masterSocket, "show proc");
    return text.split("\n").flatMap((line) => (/^\d+\s+worker\s/.test(line) ? [parseInt(line, 10)] : []));
  }

  /** Finishes what it has for `graceMs`, then ends. */
  async stop(graceMs: number): Promise<void> {
    if (!this.#id) return;
    signalProcess(this.#id, "SIGUSR1");
    if (!(await untilGone(this.#id, graceMs))) signalProcess(this.#id, "SIGTERM");
    if (!(await untilGone(this.#id, 2_000))) await this.kill();
    this.#id = null;
  }

  async kill(): Promise<void> {
    if (!this.#id) return;
    // Workers are of its process group and notice a dead master, but not at once.
    if (isAlive(this.#id)) process.kill(-this.#id.pid, "SIGKILL");
    await untilGone(this.#id, 5_000);
    this.#id = null;
  }

  #failed(message: string): CommandFailure {
    const words = existsSync(this.#files.output) ? tail(readFileSync(this.#files.output, "utf8")) : [];
    return new CommandFailure("load_balancer_failed", `${message} Its last lines say why.`, {
      logLines: words,
    });
  }
}

/** A port that another program took between the look at it and HAProxy's bind is a port that is taken. */
function refused(logLines: string[]): CommandFailure {
  const lost = logLines.map((line) => /cannot bind socket.*for \[.*:(\d+)\]/.exec(line)?.[1]).find(Boolean);
  if (lost) {
    const message = `Another program on this machine took port ${lost}. Choose another port, or leave it empty for a free one.`;
    return new CommandFailure("port_taken", message, { logLines });
  }
  return new CommandFailure(
    "load_balancer_failed",
    "HAProxy refused its new configuration; the previous one stays.",
    { logLines },
  );
}

function tail(text: string): string[] {
  return text.trim().split("\n").slice(-20);
}
