import type { Db } from "#lib/db.ts";

/**
 * What is known of a tool that deployments need: `pulumi` (the engine), `haproxy` (the load balancer), and
 * `pulumi-kubernetes` (the engine's plugin for clusters).
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
  /** why it failed, and what to do */
  message: string | null;
  updatedAt: string | null;
};

/** The tools, also before anything has looked for them; the plugin only where a cluster needs it. */
export async function listTools(db: Db): Promise<ToolView[]> {
  const rows = new Map((await db.tool.findMany()).map((row) => [row.name, row]));
  const plugin = rows.has("pulumi-kubernetes") ? ["pulumi-kubernetes"] : [];
  return ["pulumi", "haproxy", ...plugin].map((name) => {
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
