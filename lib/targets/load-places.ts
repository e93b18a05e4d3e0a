import { visibleTo } from "#lib/auth/visible-to.ts";
import type { Context } from "#lib/context.ts";
import { readSpec } from "#lib/deployments/to-view.ts";
import { notFound } from "#lib/errors.ts";
import { builtInPlaces, placeOf, placeWith, type Place } from "#lib/targets/place.ts";
import { loadTargetViews } from "#lib/targets/target-view.ts";
import type { Deployment } from "#prisma/generated/client.ts";

/** Wherever something new could be deployed. */
export async function loadPlaces(ctx: Context): Promise<Place[]> {
  const rows = await ctx.db.target.findMany({ where: { removedAt: null }, orderBy: { name: "asc" } });
  return [...builtInPlaces, ...(await loadTargetViews(ctx, rows)).map(placeOf)];
}

/**
 * Where a deployment is, or was. Trouble there doesn't refuse a change: it may be over when the change's turn comes.
 */
export async function placeOfDeployment(
  ctx: Context,
  { target, targetId }: Pick<Deployment, "target" | "targetId">,
): Promise<Place> {
  if (targetId === null) {
    const place = builtInPlaces.find(({ name }) => name === target);
    if (!place) throw new Error(`There is no target ${target}.`);
    return place;
  }
  // Of a deployment that was torn down it may have been removed since.
  const row = await ctx.db.target.findUniqueOrThrow({ where: { id: targetId } });
  const [view] = await loadTargetViews(ctx, [row]);
  return { ...placeOf(view!), refusal: null };
}

/**
 * Where a deployment is, for its pages.
 *
 * @throws SluiceError `not_found` for one that isn't there, or isn't this actor's
 */
export async function loadPlaceOf(ctx: Context, deploymentId: string): Promise<Place> {
  const row = await ctx.db.deployment.findFirst({
    where: { id: deploymentId, ...visibleTo(ctx.actor) },
    select: { target: true, targetId: true, revisionId: true },
  });
  const revision = await ctx.db.revision.findUnique({ where: { id: row?.revisionId ?? "" } });
  if (!row || !revision) throw notFound("deployment");
  return placeWith(await placeOfDeployment(ctx, row), readSpec(revision.spec));
}
