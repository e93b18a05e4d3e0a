import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, renameSync, statSync } from "node:fs";
import path from "node:path";

export type Part = {
  /** what it is called on the terminal; also its log file's name */
  name: string;
  /** a program and its arguments: no secret may stand here */
  command: [string, ...string[]];
  env: Record<string, string>;
  /** how long it may take to stop in order, in milliseconds, before it is ended */
  patience: number;
};

export type Supervised = {
  name: string;
  pid(): number | null;
  stop(): Promise<void>;
  /** Stops it at once, whatever comes before it in the order: it is told again, and has less time. */
  hurry(): void;
};

/** The most that one may still take to stop once a person is impatient, in milliseconds. */
const hurried = 12_000;

type Options = {
  logFolder: string;
  cwd: string;
  say(line: string): void;
  /** after each start and each end */
  onChange(): void;
  /** milliseconds before a first restart; doubled each time up to `longestPause` */
  firstPause?: number;
  longestPause?: number;
  /** milliseconds after which a run counts as a good one, and the pause begins anew */
  goodRun?: number;
};

/** Keeps one process running: starts it again when it ends, each time after a longer pause. */
export function supervise(part: Part, options: Options): Supervised {
  const { firstPause = 500, longestPause = 10_000, goodRun = 30_000 } = options;
  const logFile = path.join(options.logFolder, `${part.name}.log`);
  let child: ChildProcess | null = null;
  let stopping = false;
  let pause = firstPause;
  let timer: NodeJS.Timeout | undefined;

  const start = () => {
    const log = openLog(logFile);
    const began = performance.now();
    const [program, ...args] = part.command;
    // In a session of its own: Ctrl-C in the terminal must reach it through us, in our order.
    const started = spawn(program, args, {
      cwd: options.cwd,
      env: part.env as NodeJS.ProcessEnv,
      stdio: ["ignore", log, log],
      detached: true,
    });
    closeSync(log);
    child = started;
    const ended = (how: string) => {
      if (child !== started) return;
      child = null;
      options.onChange();
      if (stopping) return;
      if (performance.now() - began >= goodRun) pause = firstPause;
      options.say(
        `  ! ${part.name} ended (${how}); starting it again in ${pause / 1000} s. Its log: ${logFile}`,
      );
      timer = setTimeout(start, pause);
      pause = Math.min(pause * 2, longestPause);
    };
    started.once("error", (error) => ended(error.message));
    started.once("exit", (code, signal) => ended(signal ?? `code ${code}`));
    options.onChange();
  };

  start();
  return {
    name: part.name,
    pid: () => child?.pid ?? null,
    async stop() {
      stopping = true;
      clearTimeout(timer);
      const last = child;
      if (!last || last.exitCode !== null || last.signalCode !== null) return;
      const over = new Promise<void>((resolve) => last.once("exit", () => resolve()));
      last.kill("SIGTERM");
      const impatient = setTimeout(() => last.kill("SIGKILL"), part.patience);
      await over;
      clearTimeout(impatient);
    },
    hurry() {
      stopping = true;
      clearTimeout(timer);
      const last = child;
      if (!last) return;
      last.kill("SIGTERM");
      const impatient = setTimeout(() => last.kill("SIGKILL"), Math.min(part.patience, hurried));
      last.once("exit", () => clearTimeout(impatient));
    },
  };
}

/** The log before the last start is worth keeping only while it is small. */
function openLog(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 10 * 1024 * 1024) renameSync(file, `${file}.1`);
  return openSync(file, "a", 0o600);
}
