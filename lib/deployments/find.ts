import { visibleTo } from "#lib/auth/visible-to.ts";
import type { Context } from "#lib/context.ts";
import { notFound } from "#lib/errors.ts";

/**
 * The id of the deployment that an id or a name answers for: of a name the live one, else the latest.
 *
 * @throws SluiceError `not_found`, also where it is another person's
 */
export async function findDeploymentId(
  ctx: Pick<Context, "db" | "actor">,
  idOrName: string,
): Promise<string> {
  const mine = visibleTo(ctx.actor);
  const byId = await ctx.db.deployment.findFirst({ where: { id: idOrName, ...mine }, select: { id: true } });
  if (byId) return byId.id;
  const byName = { name: idOrName, ...mine };
  const found =
    (await ctx.db.deployment.findFirst({
      where: { ...byName, status: { not: "destroyed" } },
      select: { id: true },
    })) ??
    (await ctx.db.deployment.findFirst({
      where: byName,
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      select: { id: true },
    }));
  if (!found) throw notFound("deployment");
  return found.id;
}
