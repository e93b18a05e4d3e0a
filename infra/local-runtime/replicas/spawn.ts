import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import path from "node:path";
import { CommandFailure } from "#infra/local-runtime/failure.ts";
import { startTime } from "#infra/local-runtime/process-table.ts";
import { ownChild, type RunningProcess } from "#infra/local-runtime/replicas/running-process.ts";

/**
 * Starts a replica in a process group of its own, so that it outlives the runtime and a Ctrl-C at the terminal.
 * What it writes goes straight to its log file.
 *
 * @throws CommandFailure `start_failed`
 */
export async function startProcess(options: {
  command: [string, ...string[]];
  environment: Record<string, string>;
  logFile: string;
  workFolder: string;
}): Promise<RunningProcess> {
  const [program, ...args] = options.command;
  mkdirSync(path.dirname(options.logFile), { recursive: true, mode: 0o700 });
  mkdirSync(options.workFolder, { recursive: true, mode: 0o700 });
  const log = openSync(options.logFile, "a", 0o600);
  const child = spawn(program, args, {
    cwd: options.workFolder,
    env: options.environment as NodeJS.ProcessEnv,
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const failure = new Promise<Error | null>((resolve) => {
    child.once("error", resolve);
    child.once("spawn", () => resolve(null));
  });
  const error = await failure;
  const { pid } = child;
  if (error || pid === undefined) {
    throw new CommandFailure(
      "start_failed",
      `The model server couldn't be started: ${error?.message ?? "no process"}.`,
    );
  }
  child.unref();
  // One that has ended already has no start time left; its exit event says so.
  return ownChild(child, { pid, startTime: startTime(pid) ?? "ended" });
}
