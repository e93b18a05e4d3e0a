import type { Context } from "#lib/context.ts";
import { findRegistered } from "#lib/targets/find-target.ts";
import { builtInTargets } from "#lib/targets/list-targets.ts";
import { loadTargetViews, type TargetView } from "#lib/targets/target-view.ts";

/**
 * One target, built-in or registered, by its name (or its id).
 *
 * @throws SluiceError `not_found`
 */
export async function getTarget(ctx: Context, nameOrId: string): Promise<TargetView> {
  const builtIn = (await builtInTargets(ctx.db)).find((target) => target.name === nameOrId);
  if (builtIn) return builtIn;
  const [view] = await loadTargetViews(ctx, [await findRegistered(ctx.db, nameOrId)]);
  return view!;
}
