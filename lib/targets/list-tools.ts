import type { Db } from "#lib/db.ts";
import type { TargetName } from "#lib/deployments/spec.ts";

/**
 * What is known of a tool that deployments need: `pulumi` (the engine), `haproxy` (the load balancer), and
 * `pulumi-kubernetes` and `pulumi-gcp` (the engine's plugins for clusters and for Google Cloud).
 */
export type ToolView = {
  name: string;
  status: "missing" | "obtaining" | "ready" | "failed";
  version: string | null;
  /** cache, path, download, build or wheel */
  source: string | null;
  /** what is being done now */
  step: string | null;
  /** 0..1 where it can be known */
  progress: number | null;
  /** why it failed, and what to do; of one that was found on the machine, where */
  message: string | null;
  updatedAt: string | null;
};

/** What of the engine each kind of target needs. */
export const neededTools: Record<TargetName, string[]> = {
  local: ["pulumi"],
  kubernetes: ["pulumi", "pulumi-kubernetes"],
  gke: ["pulumi", "pulumi-kubernetes", "pulumi-gcp"],
};

/**
 * The tools, also before anything has looked for them. A plugin once it is there or was looked for; one that isn't there
 * only as long as a registered target needs it.
 */
export async function listTools(db: Db): Promise<ToolView[]> {
  const [found, registered] = await Promise.all([
    db.tool.findMany(),
    db.target.findMany({ where: { removedAt: null }, distinct: ["kind"], select: { kind: true } }),
  ]);
  const rows = new Map(found.map((row) => [row.name, row]));
  const needed = new Set(registered.flatMap(({ kind }) => neededTools[kind as TargetName]));
  const plugins = ["pulumi-kubernetes", "pulumi-gcp"].filter((name) => {
    const row = rows.get(name);
    return row && (row.status === "ready" || needed.has(name));
  });
  return ["pulumi", "haproxy", ...plugins].map((name) => {
    const row = rows.get(name);
    return {
      name,
      status: (row?.status ?? "missing") as ToolView["status"],
      version: row?.version ?? null,
      source: row?.source ?? null,
      step: row?.step ?? null,
      progress: row?.progress ?? null,
      message: row?.message ?? null,
      updatedAt: row?.updatedAt.toISOString() ?? null,
    };
  });
}
