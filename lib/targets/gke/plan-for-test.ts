import { deploymentForTest, gkeForms } from "#lib/targets/gke/forms-for-test.ts";
import { planGke } from "#lib/targets/gke/plan.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

/** The plan of one of the forms, with other settings where they are given. */
export function planOf(form: string, change: Partial<GkeSettings> = {}): PlannedResource[] {
  const { spec, settings } = gkeForms[form]!;
  return planGke(deploymentForTest, spec, { ...settings, ...change });
}

export const everyPlan = Object.keys(gkeForms).map((form) => [form, planOf(form)] as const);

/** The first of a type, by its name in the plan where there are several. */
export function find(plan: PlannedResource[], type: string, name?: string): PlannedResource {
  return plan.find((one) => one.type === type && (name === undefined || one.name === name))!;
}

export function allOf(plan: PlannedResource[], type: string): PlannedResource[] {
  return plan.filter((one) => one.type === type);
}

export function isGoogles({ type }: PlannedResource): boolean {
  return type.startsWith("gcp:");
}

/** Keys of all that comes before one, whether it says so itself or something between them does. */
export function before(plan: PlannedResource[], of: PlannedResource): Set<string> {
  const found = new Set<string>();
  const follow = (one: PlannedResource) => {
    for (const key of one.dependsOn) {
      if (found.has(key)) continue;
      found.add(key);
      follow(plan.find((other) => resourceKey(other) === key)!);
    }
  };
  follow(of);
  return found;
}
