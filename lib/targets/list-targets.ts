import type { Context } from "#lib/context.ts";
import type { Db } from "#lib/db.ts";
import { projectFindings } from "#lib/targets/gke/findings.ts";
import { reasonAgainstProject } from "#lib/targets/gke/project-offers.ts";
import { findings } from "#lib/targets/kubernetes/findings.ts";
import { loadTargetViews, reasonAgainst, type TargetView } from "#lib/targets/target-view.ts";
import { targets } from "#lib/targets/targets.ts";

/** Each target: the built-in ones, then the registered ones by name. */
export async function listTargets(ctx: Context): Promise<TargetView[]> {
  const [builtIn, rows] = await Promise.all([
    builtInTargets(ctx.db),
    ctx.db.target.findMany({ where: { removedAt: null }, orderBy: { name: "asc" } }),
  ]);
  return [...builtIn, ...(await loadTargetViews(ctx, rows))];
}

/** The targets that every portal has, with what the worker last found of them; clusters as one, and Google projects. */
export async function builtInTargets(db: Db): Promise<TargetView[]> {
  const [rows, registered] = await Promise.all([
    db.targetState.findMany(),
    db.target.findMany({ where: { removedAt: null }, select: { kind: true, findings: true } }),
  ]);
  const states = new Map(rows.map((state) => [state.name, state]));
  return targets.map((target) => {
    const view = { ...target, kind: target.name, cluster: null, project: null };
    if (target.name !== "local") {
      const ofKind = registered.filter(({ kind }) => kind === target.name);
      return { ...view, ...asOne(target.name, ofKind) };
    }
    const state = states.get(target.name);
    const available = target.refusal === null && state?.available === true;
    const reason =
      target.refusal ?? (state ? state.reason : "Not checked yet: the worker does it as soon as it runs.");
    return {
      ...view,
      available,
      reason: available ? null : reason,
      checkedAt: state?.checkedAt.toISOString() ?? null,
    };
  });
}

const words = {
  kubernetes: {
    none: "No cluster is registered yet: an admin adds one on the targets page.",
    unusable: "None of the registered clusters can be used now.",
  },
  gke: {
    none: "No Google project is registered yet: an admin adds one on the targets page.",
    unusable: "None of the registered Google projects can be used now.",
  },
};

/** Whether there is any of a kind to deploy to. */
function asOne(
  kind: "kubernetes" | "gke",
  rows: { findings: unknown }[],
): Pick<TargetView, "refusal" | "available" | "reason" | "checkedAt"> {
  const { none, unusable } = words[kind];
  if (rows.length === 0) return { refusal: none, available: false, reason: none, checkedAt: null };
  const available = rows.some(({ findings: found }) => reasonOf(kind, found) === null);
  return { refusal: null, available, reason: available ? null : unusable, checkedAt: null };
}

function reasonOf(kind: "kubernetes" | "gke", found: unknown): string | null {
  if (kind === "gke") return reasonAgainstProject(found === null ? null : projectFindings.parse(found));
  return reasonAgainst(found === null ? null : findings.parse(found));
}
