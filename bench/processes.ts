import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export type Process = { pid: number; parent: number; name: string; commandLine: string[] };

/** The running processes, from the process table. */
function processes(): Process[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const { name, fields } = statOf(Number(entry));
        const commandLine = readFileSync(`/proc/${entry}/cmdline`, "utf8").split("\0").slice(0, -1);
        return [{ pid: Number(entry), parent: Number(fields[1]), name, commandLine }];
      } catch {
        return []; // it ended meanwhile
      }
    });
}

/** A process's children, their children, and so on. */
export function descendantsOf(pid: number): Process[] {
  const all = processes();
  const found = new Set([pid]);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const one of all) if (found.has(one.parent)) found.add(one.pid);
  }
  return all.filter((one) => one.pid !== pid && found.has(one.pid));
}

export function environmentOf(pid: number): Record<string, string> {
  const entries = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").filter(Boolean);
  return Object.fromEntries(entries.map((entry) => entry.split(/=(.*)/s, 2) as [string, string]));
}

export const executableOf = (pid: number): string => readlinkSync(`/proc/${pid}/exe`);

/** Linux counts processor time in hundredths of a second, whatever the kernel's own clock (proc(5), USER_HZ). */
const msPerTick = 10;

/** Processor time that processes have used so far, in user and kernel, in milliseconds. */
export function cpuMs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const { fields } = statOf(pid);
    return sum + (Number(fields[11]) + Number(fields[12])) * msPerTick;
  }, 0);
}

/** `fields` begin with the state, after the name in brackets, which may itself hold spaces and brackets. */
function statOf(pid: number): { name: string; fields: string[] } {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const end = text.lastIndexOf(")");
  return { name: text.slice(text.indexOf("(") + 1, end), fields: text.slice(end + 2).split(" ") };
}
