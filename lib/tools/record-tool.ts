import { publish } from "#lib/changes/publish.ts";
import type { Context } from "#lib/context.ts";

/** What there is to say of a tool; whatever is left out is unknown or over. */
export type ToolReport = {
  status: "missing" | "obtaining" | "ready" | "failed";
  version?: string;
  /** cache, path, download, build or wheel */
  source?: string;
  /** what is being done now */
  step?: string;
  /** 0..1 where it can be known */
  progress?: number | null;
  /** why it failed, and what to do; of one that was found on the machine, where */
  message?: string;
};

/** The engine, its plugins for clusters and for Google Cloud, and the load balancer of this machine. */
export type ToolName = "pulumi" | "pulumi-kubernetes" | "pulumi-gcp" | "haproxy";

/** Writes down what is known of a tool now, for the pages, and gives them the hint. */
export async function recordTool(
  ctx: Pick<Context, "db" | "clock">,
  name: ToolName,
  report: ToolReport,
): Promise<void> {
  const nothing = { version: null, source: null, step: null, progress: null, message: null };
  const row = { ...nothing, ...report, updatedAt: ctx.clock.now() };
  await ctx.db.$transaction(async (tx) => {
    await tx.tool.upsert({ where: { name }, create: { name, ...row }, update: row });
    await publish(tx, { topic: "tools" });
  });
}
