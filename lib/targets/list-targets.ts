import type { Context } from "#lib/context.ts";
import type { Db } from "#lib/db.ts";
import { loadTargetViews, type TargetView } from "#lib/targets/target-view.ts";
import { targets } from "#lib/targets/targets.ts";

/** Each target: the built-in ones, then the registered clusters by name. */
export async function listTargets(ctx: Context): Promise<TargetView[]> {
  const [builtIn, rows] = await Promise.all([
    builtInTargets(ctx.db),
    ctx.db.target.findMany({ where: { removedAt: null }, orderBy: { name: "asc" } }),
  ]);
  return [...builtIn, ...(await loadTargetViews(ctx, rows))];
}

/** The targets that every portal has, with what the worker last found of them. */
export async function builtInTargets(db: Db): Promise<TargetView[]> {
  const states = new Map((await db.targetState.findMany()).map((state) => [state.name, state]));
  return targets.map((target) => {
    const state = states.get(target.name);
    const available = target.refusal === null && state?.available === true;
    const reason =
      target.refusal ?? (state ? state.reason : "Not checked yet: the worker does it as soon as it runs.");
    return {
      ...target,
      kind: target.name,
      available,
      reason: available ? null : reason,
      checkedAt: state?.checkedAt.toISOString() ?? null,
      cluster: null,
    };
  });
}
