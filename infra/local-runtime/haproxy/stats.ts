import { ask, askMaster } from "#infra/local-runtime/haproxy/ask.ts";

/** What the load balancer says of one server. */
export type ServerStats = {
  backend: string;
  server: string;
  /** requests it works on, in old workers too */
  current: number;
  /** requests that wait for it alone */
  queued: number;
  /** the current worker's view: takes requests */
  up: boolean;
  /** in maintenance: leaving */
  leaving: boolean;
  /** the last health check's result, such as L7OK, L4CON, L7TOUT */
  check: string;
};

export type BalancerStats = {
  servers: Map<string, ServerStats>;
  /** requests that wait for any server of a backend, in all workers */
  queued: Map<string, number>;
  /** old workers that still have something to finish */
  oldWorkers: number[];
};

export function serverKey(backend: string, server: string): string {
  return `${backend}/${server}`;
}

/** Reads the figures of the current worker, and of old ones that still finish what they have. */
export async function readStats(adminSocket: string, masterSocket: string): Promise<BalancerStats> {
  const [now, processes] = await Promise.all([
    ask(adminSocket, "show stat"),
    askMaster(masterSocket, "show proc"),
  ]);
  const oldWorkers = parseOldWorkers(processes);
  const stats: BalancerStats = { servers: new Map(), queued: new Map(), oldWorkers };
  addFigures(stats, parseCsv(now), true);
  for (const pid of oldWorkers) {
    // One that ends just now can't answer, and has nothing left to count.
    const figures = await askMaster(masterSocket, "show stat", pid).catch(() => "");
    addFigures(stats, parseCsv(figures), false);
  }
  return stats;
}

/** The pids under "old workers" in the master's `show proc`. */
export function parseOldWorkers(text: string): number[] {
  const at = text.indexOf("# old workers");
  if (at < 0) return [];
  const [section = ""] = text.slice(at + 1).split("\n#");
  return section.split("\n").flatMap((line) => {
    const [pid, type] = line.trim().split(/\s+/);
    return type === "worker" ? [Number(pid)] : [];
  });
}

function addFigures(stats: BalancerStats, rows: Map<string, string>[], isCurrent: boolean): void {
  for (const row of rows) {
    const backend = row.get("pxname") ?? "";
    const server = row.get("svname") ?? "";
    const number = (field: string) => Number(row.get(field) || 0);
    if (server === "FRONTEND") continue;
    if (server === "BACKEND") {
      stats.queued.set(backend, (stats.queued.get(backend) ?? 0) + number("qcur"));
      continue;
    }
    const key = serverKey(backend, server);
    const before = stats.servers.get(key);
    if (!before && !isCurrent && number("scur") + number("qcur") === 0) continue;
    const status = row.get("status") ?? "";
    stats.servers.set(key, {
      backend,
      server,
      current: (before?.current ?? 0) + number("scur"),
      queued: (before?.queued ?? 0) + number("qcur"),
      up: before?.up ?? (isCurrent && status.startsWith("UP")),
      leaving: before?.leaving ?? status.startsWith("MAINT"),
      check: before?.check ?? (isCurrent ? (row.get("check_status") ?? "").replace("* ", "") : ""),
    });
  }
}

/** HAProxy's CSV has no quoted commas in the fields that are read here. */
function parseCsv(text: string): Map<string, string>[] {
  const [header = "", ...lines] = text.trim().split("\n");
  const names = header.replace(/^# /, "").split(",");
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const values = line.split(",");
      return new Map(names.map((name, index) => [name, values[index] ?? ""]));
    });
}
