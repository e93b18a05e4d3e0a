import { visibleTo } from "#lib/auth/visible-to.ts";
import type { Context } from "#lib/context.ts";

/** The name of who made the newest revision; `null` where that was no person, or nothing this actor may see. */
export async function revisionAuthor(ctx: Context, deploymentId: string): Promise<string | null> {
  const newest = await ctx.db.revision.findFirst({
    where: { deploymentId, deployment: visibleTo(ctx.actor) },
    orderBy: { number: "desc" },
    select: { createdById: true },
  });
  if (!newest?.createdById) return null;
  const person = await ctx.db.user.findUnique({ where: { id: newest.createdById }, select: { name: true } });
  return person?.name ?? null;
}
