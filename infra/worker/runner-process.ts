import { fork, type ChildProcess } from "node:child_process";
import path from "node:path";
import { runnerEnvironment } from "#infra/engine/child-environment.ts";
import type { FromRunner, Job, LookJob, ToRunner } from "#infra/runner/messages.ts";

const main = path.resolve(import.meta.dirname, "../runner/main.ts");

/** One process for one operation. */
export type Runner = {
  pid: number;
  onMessage(listener: (message: FromRunner) => void): void;
  start(job: Job): void;
  look(job: LookJob): void;
  cancel(): void;
  kill(): void;
  /** resolves when the process has ended, with what it last wrote to its standard error */
  ended: Promise<string>;
};

/** Keeps one runner waiting with the engine's SDK loaded, so that an operation starts at once. */
export type RunnerPool = {
  take(): Runner;
  /** makes the next one; called when nothing more urgent runs */
  refill(): void;
  close(): void;
};

export function runnerPool(): RunnerPool {
  let waiting: Runner | null = null;
  let closed = false;
  const pool: RunnerPool = {
    take() {
      const runner = waiting ?? spawnRunner();
      waiting = null;
      return runner;
    },
    refill() {
      if (waiting || closed) return;
      const runner = spawnRunner();
      waiting = runner;
      void runner.ended.then(() => {
        if (waiting === runner) waiting = null;
      });
    },
    close() {
      closed = true;
      waiting?.kill();
      waiting = null;
    },
  };
  return pool;
}

/** A process that waits for what it is to do. */
export function spawnRunner(): Runner {
  const child = fork(main, [], {
    // Next's types want NODE_ENV in every environment; a runner has no use for it.
    env: runnerEnvironment(process.env) as NodeJS.ProcessEnv,
    // Out of reach of a Ctrl-C in the terminal: the worker decides when it stops.
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const tell = (message: ToRunner) => void child.send(message);
  return {
    pid: child.pid ?? 0,
    onMessage: (listener) => void child.on("message", listener),
    start: (job) => tell({ type: "job", job }),
    look: (job) => tell({ type: "look", job }),
    cancel() {
      if (child.connected) tell({ type: "cancel" });
    },
    kill: () => void child.kill("SIGKILL"),
    ended: endOf(child),
  };
}

function endOf(child: ChildProcess): Promise<string> {
  let last = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    last = (last + text).slice(-2_000);
  });
  return new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", () => resolve(last));
  });
}
