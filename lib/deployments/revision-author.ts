import { visibleTo } from "#lib/auth/visible-to.ts";
import type { Context } from "#lib/context.ts";

/** The name of who made a deployment's revision; `null` where that was no person, or nothing this actor may see. */
export async function revisionAuthor(ctx: Context, deploymentId: string): Promise<string | null> {
  const deployment = await ctx.db.deployment.findFirst({
    where: { id: deploymentId, ...visibleTo(ctx.actor) },
    select: { revisionId: true },
  });
  if (!deployment?.revisionId) return null;
  const { createdById } = await ctx.db.revision.findUniqueOrThrow({ where: { id: deployment.revisionId } });
  if (!createdById) return null;
  const person = await ctx.db.user.findUnique({ where: { id: createdById }, select: { name: true } });
  return person?.name ?? null;
}
