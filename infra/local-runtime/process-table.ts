import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";

/** A process, told from a later one with the same number by its start time (clock ticks since boot). */
export type ProcessId = { pid: number; startTime: string };

/** The start time of a running process; `null` if there is none, or only its remains wait for the parent. */
export function startTime(pid: number): string | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The command's name is in parentheses and may hold anything: fields are counted after the last one.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  return state === "Z" || state === "X" ? null : (fields[19] ?? null);
}

export function isAlive(id: ProcessId): boolean {
  return startTime(id.pid) === id.startTime;
}

/** Sends a signal, to nobody else if the process is gone already. */
export function signalProcess(id: ProcessId, signal: NodeJS.Signals): void {
  if (!isAlive(id)) return;
  try {
    process.kill(id.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Waits until it is gone, looking every 50 ms. `false` if it is still there after `boundMs`. */
export async function untilGone(id: ProcessId, boundMs: number): Promise<boolean> {
  const giveUpAt = performance.now() + boundMs;
  while (isAlive(id)) {
    if (performance.now() > giveUpAt) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}

export type MarkedProcess = ProcessId & { replica: string; socket: string };

/** Every running replica of this user, known by its environment, whoever started it. */
export function replicaProcesses(): MarkedProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const environment = read(`/proc/${name}/environ`);
      if (!environment?.includes("SLUICE_REPLICA=")) return [];
      const entries = environment.split("\0");
      const value = (key: string) => entries.find((e) => e.startsWith(`${key}=`))?.slice(key.length + 1);
      const [replica, socket, since] = [
        value("SLUICE_REPLICA"),
        value("SLUICE_SOCKET"),
        startTime(Number(name)),
      ];
      if (!replica || !socket || since === null) return [];
      return [{ pid: Number(name), startTime: since, replica, socket }];
    });
}

/** Processes of a program with this name that were started with exactly these words among their arguments. */
export function processesOf(program: string, words: string[]): ProcessId[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const given = read(`/proc/${name}/cmdline`)?.split("\0") ?? [];
      return words.every((word) => given.includes(word)) && programOf(name) === program;
    })
    .flatMap((name) => {
      const since = startTime(Number(name));
      return since === null ? [] : [{ pid: Number(name), startTime: since }];
    });
}

/** The name of the file that a process runs, also one that has been replaced or removed since. */
function programOf(pid: string): string | null {
  try {
    return path.basename(readlinkSync(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, "");
  } catch {
    return null;
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, "latin1");
  } catch {
    // Gone in between, or another user's.
    return null;
  }
}
