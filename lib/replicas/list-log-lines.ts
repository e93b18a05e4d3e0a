import { visibleTo } from "#lib/auth/visible-to.ts";
import type { Context } from "#lib/context.ts";

export type LogLineView = { id: string; replicaId: string; at: string; line: string };

/**
 * What the replicas wrote, oldest first. Without `after` the newest `limit` lines; with it the lines that follow:
 * hand the last line's `id` in again to read on.
 */
export async function listLogLines(
  ctx: Context,
  input: { deploymentId: string; after?: string; replicaId?: string; limit?: number },
): Promise<LogLineView[]> {
  const following = input.after !== undefined && /^\d{1,18}$/.test(input.after);
  const rows = await ctx.db.replicaLogLine.findMany({
    where: {
      deploymentId: input.deploymentId,
      deployment: visibleTo(ctx.actor),
      ...(input.replicaId === undefined ? {} : { replicaId: input.replicaId }),
      ...(following ? { id: { gt: BigInt(input.after ?? 0) } } : {}),
    },
    orderBy: { id: following ? "asc" : "desc" },
    take: Math.min(input.limit ?? 200, 2_000),
  });
  if (!following) rows.reverse();
  return rows.map(({ deploymentId: _, id, at, ...row }) => ({
    ...row,
    id: String(id),
    at: at.toISOString(),
  }));
}
