import { googleReplacingInputs } from "#lib/targets/gke/replacing-inputs.ts";
import { ignoredChanges } from "#lib/targets/gke/types.ts";
import { isHidden } from "#lib/targets/secret-input.ts";
import { resourceKey, type PlannedChange, type PlannedResource } from "#lib/targets/plan.ts";

type Inputs = Record<string, unknown>;

/**
 * Inputs whose change makes it another thing: it is deleted, then made anew. The endpoint's port is one,
 * because an address is what people hold: a plan should say plainly that it is replaced.
 */
export const replacingInputs: readonly string[] = ["deploymentId", "variant", "port"];

/** The inputs of a type whose change makes it another thing, at Google or anywhere. */
export function replacingInputsOf(type: string): readonly string[] {
  return [...replacingInputs, ...googleReplacingInputs(type)];
}

/** The names of the inputs that differ, sorted; an absent one and a null one are the same. */
export function changedInputs(before: Inputs, after: Inputs): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => !isSame(before[name] ?? null, after[name] ?? null)).sort();
}

/** A text that the engine keeps from sight, since its SDK takes it for a secret, can't be compared. */
function isSame(before: unknown, after: unknown): boolean {
  return canonical(before) === canonical(after) || (isHidden(before) && typeof after === "string");
}

/** The inputs that differ and count: some do only when a resource is made. */
export function inputsThatCount(before: PlannedResource, after: PlannedResource): string[] {
  const ignored = ignoredChanges[after.type] ?? [];
  return changedInputs(before.inputs, after.inputs).filter((name) => !ignored.includes(name));
}

/**
 * What the engine will do to get from one plan to another: first what is kept, changed or made, in the order
 * of the new plan, then what is deleted, in the order in which the engine deletes. The provider plugin decides
 * by the same rules, and a test compares the two.
 */
export function diffPlan(before: PlannedResource[], after: PlannedResource[]): PlannedChange[] {
  const old = new Map(before.map((resource) => [resourceKey(resource), resource]));
  const kept = after.map((resource): PlannedChange => {
    const { type, name, summary } = resource;
    const previous = old.get(resourceKey(resource));
    if (!previous) return { type, name, summary, change: "create", fields: [] };
    const fields = inputsThatCount(previous, resource);
    if (fields.length === 0) return { type, name, summary, change: "same", fields };
    const change = fields.some((field) => replacingInputsOf(type).includes(field)) ? "replace" : "update";
    return { type, name, summary, change, fields };
  });
  const wanted = new Set(after.map(resourceKey));
  const deleted = before
    .filter((resource) => !wanted.has(resourceKey(resource)))
    .reverse()
    .map(({ type, name, summary }): PlannedChange => ({ type, name, summary, change: "delete", fields: [] }));
  return [...kept, ...deleted];
}

/** JSON with the keys in one order, so that equal values give equal text. What is hidden says nothing: see isHidden. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) => {
    if (v === null || typeof v !== "object" || Array.isArray(v)) return v;
    if (isHidden(v)) return "hidden";
    return Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
