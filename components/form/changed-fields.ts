import { toSpecInput, type FormState } from "#components/form/form-state.ts";
import type { SpecInput } from "#lib/deployments/spec.ts";

/**
 * The top-level fields that were changed in the form, and no others: what somebody else changed meanwhile stays,
 * and a time to live, which counts from the moment it is given, isn't given again.
 */
export function changedFields(before: FormState, now: FormState): SpecInput {
  const old: Record<string, unknown> = toSpecInput(before);
  const given = Object.entries(toSpecInput(now));
  return Object.fromEntries(
    given.filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(old[field])),
  );
}
