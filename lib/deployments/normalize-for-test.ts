import { normalizeDeployment } from "#lib/deployments/normalize-spec.ts";
import { SluiceError, type FieldError } from "#lib/errors.ts";
import type { Place } from "#lib/targets/place.ts";

export const good = { name: "one", target: "local", model: { preset: "sentiment" } };
export const variants = [
  { name: "a", model: { preset: "sentiment" } },
  { name: "b", model: { preset: "sentiment" }, weight: 0 },
];
export const withoutModel = { name: "one", target: "local" };

/** What is wrong with an input, field by field. */
export function problemsOf(input: unknown, places?: readonly Place[]): FieldError[] {
  try {
    normalizeDeployment(input, places);
    return [];
  } catch (error) {
    if (error instanceof SluiceError && error.code === "invalid") return error.fields;
    throw error;
  }
}
