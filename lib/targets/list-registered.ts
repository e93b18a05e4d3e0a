import type { Context } from "#lib/context.ts";
import type { TargetName } from "#lib/deployments/spec.ts";

export type Registered = { name: string; kind: TargetName };

/** Registered clusters and Google projects by their names, which everybody may know. */
export async function listRegistered(ctx: Context): Promise<Registered[]> {
  const rows = await ctx.db.target.findMany({
    where: { removedAt: null },
    orderBy: { name: "asc" },
    select: { name: true, kind: true },
  });
  return rows.map(({ name, kind }) => ({ name, kind: kind as TargetName }));
}
