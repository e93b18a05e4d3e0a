import type { Db } from "#lib/db.ts";
import { builtInTargets } from "#lib/targets/list-targets.ts";
import { listTools, type ToolView } from "#lib/targets/list-tools.ts";
import packageJson from "../../package.json" with { type: "json" };

export type Health = {
  /** `ok`: all targets of this version are available; `degraded`: some tool or target is missing */
  status: "ok" | "degraded" | "unavailable";
  version: string;
  database: { available: boolean; reason: string | null };
  engine: Omit<ToolView, "name"> | null;
  loadBalancer: Omit<ToolView, "name"> | null;
  targets: { name: string; available: boolean; reason: string | null }[];
};

/**
 * How the portal is. Anybody may ask, so registered clusters are not in it. It never waits longer than `timeoutMs`
 * for the database.
 */
export async function readHealth(db: Db, timeoutMs = 2_000): Promise<Health> {
  const { version } = packageJson;
  try {
    const [targets, tools] = await within(timeoutMs, Promise.all([builtInTargets(db), listTools(db)]));
    const tool = (name: string) => {
      const found = tools.find((t) => t.name === name);
      if (!found) return null;
      const { name: _, ...rest } = found;
      return rest;
    };
    const well = targets.every((target) => target.available || target.refusal !== null);
    return {
      status: well ? "ok" : "degraded",
      version,
      database: { available: true, reason: null },
      engine: tool("pulumi"),
      loadBalancer: tool("haproxy"),
      targets: targets.map(({ name, available, reason }) => ({ name, available, reason })),
    };
  } catch {
    const reason = "The database doesn't answer.";
    const database = { available: false, reason };
    return { status: "unavailable", version, database, engine: null, loadBalancer: null, targets: [] };
  }
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
