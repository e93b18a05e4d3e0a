import type { Context } from "#lib/context.ts";

/** Names of the registered clusters, which everybody may know. */
export async function listClusterNames(ctx: Context): Promise<string[]> {
  const rows = await ctx.db.target.findMany({
    where: { removedAt: null },
    orderBy: { name: "asc" },
    select: { name: true },
  });
  return rows.map(({ name }) => name);
}
