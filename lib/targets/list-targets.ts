import type { Db } from "#lib/db.ts";
import { targets, type Target } from "#lib/targets/targets.ts";

export type TargetView = Target & {
  available: boolean;
  /** why it isn't available, for a person */
  reason: string | null;
  checkedAt: string | null;
};

/** Each target with what the worker last found of it. */
export async function listTargets(db: Db): Promise<TargetView[]> {
  const states = new Map((await db.targetState.findMany()).map((state) => [state.name, state]));
  return targets.map((target) => {
    const state = states.get(target.name);
    const available = target.refusal === null && state?.available === true;
    const reason =
      target.refusal ?? (state ? state.reason : "Not checked yet: the worker does it as soon as it runs.");
    return {
      ...target,
      available,
      reason: available ? null : reason,
      checkedAt: state?.checkedAt.toISOString() ?? null,
    };
  });
}
