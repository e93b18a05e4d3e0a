import type { FormState } from "#components/form/form-state.ts";
import { toSpecInput } from "#components/form/to-input.ts";
import type { SpecInput } from "#lib/deployments/spec.ts";
import type { Place } from "#lib/targets/place.ts";

/**
 * The top-level fields that were changed in the form, and no others: what somebody else changed meanwhile stays,
 * and a time to live, which counts from the moment it is given, isn't given again.
 */
export function changedFields(
  before: FormState,
  now: FormState,
  place: Pick<Place, "kind" | "offers">,
): SpecInput {
  const old: Record<string, unknown> = toSpecInput(before, place);
  const given = Object.entries(toSpecInput(now, place));
  return Object.fromEntries(
    given.filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(old[field])),
  );
}
