import type { Context } from "#lib/context.ts";
import type { Db } from "#lib/db.ts";
import { findings } from "#lib/targets/kubernetes/findings.ts";
import { loadTargetViews, reasonAgainst, type TargetView } from "#lib/targets/target-view.ts";
import { targets } from "#lib/targets/targets.ts";

/** Each target: the built-in ones, then the registered clusters by name. */
export async function listTargets(ctx: Context): Promise<TargetView[]> {
  const [builtIn, rows] = await Promise.all([
    builtInTargets(ctx.db),
    ctx.db.target.findMany({ where: { removedAt: null }, orderBy: { name: "asc" } }),
  ]);
  return [...builtIn, ...(await loadTargetViews(ctx, rows))];
}

/** The targets that every portal has, with what the worker last found of them; the clusters as one. */
export async function builtInTargets(db: Db): Promise<TargetView[]> {
  const [rows, clusters] = await Promise.all([db.targetState.findMany(), clustersAsOne(db)]);
  const states = new Map(rows.map((state) => [state.name, state]));
  return targets.map((target) => {
    if (target.name === "kubernetes") return { ...target, ...clusters, kind: target.name, cluster: null };
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

/** Whether there is any cluster to deploy to. */
async function clustersAsOne(
  db: Db,
): Promise<Pick<TargetView, "refusal" | "available" | "reason" | "checkedAt">> {
  const rows = await db.target.findMany({ where: { removedAt: null }, select: { findings: true } });
  const reasons = rows.map((row) =>
    reasonAgainst(row.findings === null ? null : findings.parse(row.findings)),
  );
  if (reasons.length === 0) {
    const refusal = "No cluster is registered yet: an admin adds one on the targets page.";
    return { refusal, available: false, reason: refusal, checkedAt: null };
  }
  const available = reasons.includes(null);
  const reason = available ? null : "None of the registered clusters can be used now.";
  return { refusal: null, available, reason, checkedAt: null };
}
