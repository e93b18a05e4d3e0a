import { spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import path from "node:path";
import { ClusterError } from "#e2e/cluster/cluster-error.ts";
import { searchPath } from "#e2e/cluster/obtain-packages.ts";

export type Program = {
  name: string;
  /** throws what it said last, if it has ended */
  check(): Promise<void>;
  /** ends it and waits until it has */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** starts it once more, as it was started before */
  startAgain(): Promise<Program>;
};

/** Milliseconds that a program has to end by itself. */
const grace = 5_000;

/**
 * Starts one of the cluster's programs; what it says goes to `logs/NAME.log` in the cluster's folder. One that ends
 * though nobody stopped it is told on standard error: what waits for its work knows nothing of it.
 */
export async function startProgram(
  folder: string,
  name: string,
  file: string,
  args: string[],
): Promise<Program> {
  const logFile = path.join(folder, "logs", `${name}.log`);
  const log = await open(logFile, "a", 0o600);
  const child = spawn(file, args, {
    cwd: folder,
    env: {
      PATH: searchPath,
      HOME: folder,
      TMPDIR: folder,
    } as unknown as NodeJS.ProcessEnv,
    stdio: ["ignore", log.fd, log.fd],
    detached: true, // a Ctrl-C is for the tests, which then stop the cluster in order
  });
  // Before anything is awaited: the events of a start that failed come at once.
  const started = new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (cause) => {
      reject(new ClusterError("program_ended", `${name} can't be run: ${cause.message}`, { cause }));
    });
  });
  let isStopped = false;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await Promise.all([started, log.close()]);
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const lastWords = async () => {
    const lines = (await readFile(logFile, "utf8")).trim().split("\n").slice(-8).join("\n");
    return `${name} ended (${child.exitCode ?? child.signalCode}):\n${lines}`;
  };
  void ended.then(async () => {
    if (!isStopped) console.error(await lastWords());
  });
  return {
    name,
    async check() {
      if (hasEnded()) throw new ClusterError("program_ended", await lastWords());
    },
    async stop(signal = "SIGTERM") {
      isStopped = true;
      if (hasEnded()) return;
      child.kill(signal);
      const killing = setTimeout(() => child.kill("SIGKILL"), grace);
      await ended;
      clearTimeout(killing);
    },
    startAgain: () => startProgram(folder, name, file, args),
  };
}
