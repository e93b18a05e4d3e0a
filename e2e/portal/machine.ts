import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** What of a deployment the machine itself holds, however the portal counts: for comparing with a receipt. */
export function whatIsLeftOf(deployment: { id: string }, port: number): string[] {
  return [
    ...replicaProcesses(deployment.id).map((pid) => `process ${pid}`),
    ...(isListening(port) ? [`port ${port}`] : []),
    ...runtimeFiles()
      .filter((file) => file.includes(deployment.id))
      .map((file) => `file ${file}`),
  ];
}

/** The pids of a deployment's replicas, which are told apart by a variable in their environment. */
export function replicaProcesses(deploymentId: string): number[] {
  return pidsWhere((pid) =>
    environmentOf(pid).some((entry) => entry.startsWith(`SLUICE_REPLICA=${deploymentId}/`)),
  );
}

/** The pid of a process of the tested portal, by a part of its command line. */
export function portalProcess(commandPart: string): number {
  const home = `SLUICE_HOME=${process.env.SLUICE_TEST_HOME}`;
  const pids = pidsWhere((pid) => commandOf(pid).includes(commandPart) && environmentOf(pid).includes(home));
  const [pid] = pids;
  if (pid === undefined || pids.length > 1)
    throw new Error(`${pids.length} processes run ${commandPart}, not one.`);
  return pid;
}

/** The embedded database's processes. */
export function databaseProcesses(): number[] {
  const file = path.join(process.env.SLUICE_TEST_HOME ?? "", "postgres/data/postmaster.pid");
  const postmaster = Number(readFileSync(file, "utf8").split("\n")[0]);
  return [postmaster, ...pidsWhere((pid) => parentOf(pid) === postmaster)];
}

/** Every command line of the machine. */
export function commandLines(): string[] {
  return pidsWhere(() => true).map(commandOf);
}

/** Whether anything listens on this TCP port, on any address. */
export function isListening(port: number): boolean {
  const listening = "0A";
  return ["/proc/net/tcp", "/proc/net/tcp6"].some((table) =>
    readFileSync(table, "utf8")
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .some(([, local, , state]) => state === listening && parseInt(local?.split(":")[1] ?? "", 16) === port),
  );
}

function runtimeFiles(): string[] {
  const folder = path.join(process.env.SLUICE_TEST_HOME ?? "", "runtime");
  return readdirSync(folder, { recursive: true }).map(String);
}

function pidsWhere(holds: (pid: number) => boolean): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter(holds);
}

function environmentOf(pid: number): string[] {
  return read(`/proc/${pid}/environ`).split("\0");
}

function parentOf(pid: number): number {
  // After the name, which stands in brackets and may hold anything: the state, then the parent.
  return Number(read(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ")[1]);
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
}

/** Empty for a process that ended meanwhile or isn't ours. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
