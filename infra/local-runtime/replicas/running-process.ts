import type { ChildProcess } from "node:child_process";
import { isAlive, signalProcess, untilGone, type ProcessId } from "#infra/local-runtime/process-table.ts";

/** How a process ended; `null`s for one that wasn't our child. */
export type Ending = { code: number | null; signal: NodeJS.Signals | null };

/** A replica's process, ours or adopted. */
export type RunningProcess = {
  id: ProcessId;
  ended: Promise<Ending>;
  /** asks it to end, and ends it after `graceMs` */
  terminate(graceMs: number): Promise<void>;
};

export function ownChild(child: ChildProcess, id: ProcessId): RunningProcess {
  const ended = new Promise<Ending>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  return running(id, ended);
}

/** One that an earlier runtime started: it isn't our child, so its end is found by looking. */
export function adopted(id: ProcessId): RunningProcess {
  const ended = new Promise<Ending>((resolve) => {
    const timer = setInterval(() => {
      if (isAlive(id)) return;
      clearInterval(timer);
      resolve({ code: null, signal: null });
    }, 250);
    timer.unref();
  });
  return running(id, ended);
}

function running(id: ProcessId, ended: Promise<Ending>): RunningProcess {
  return {
    id,
    ended,
    async terminate(graceMs) {
      signalProcess(id, "SIGTERM");
      if (await untilGone(id, graceMs)) return;
      // Its whole group: a model server may have made helpers.
      if (isAlive(id)) process.kill(-id.pid, "SIGKILL");
      await untilGone(id, 2_000);
    },
  };
}

/** How it ended, in words. */
export function describeEnding({ code, signal }: Ending): string {
  if (signal) return `was ended by ${signal}`;
  return code === null ? "ended" : `ended with exit code ${code}`;
}
