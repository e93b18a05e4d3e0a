import { readFileSync } from "node:fs";

/**
 * When a process began, in clock ticks since the machine's start: with the pid it names one process for ever,
 * since a pid alone is used again.
 *
 * @returns null if no such process runs (one that has ended but wasn't waited for counts as gone)
 */
export function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may hold anything: fields count from after the last one. See proc_pid_stat(5).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}
