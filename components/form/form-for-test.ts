import { checkForm, placeIn, type Checked } from "#components/form/check-form.ts";
import { emptyForm, newVariant, type FormState, type VariantState } from "#components/form/form-state.ts";
import { toInput } from "#components/form/to-input.ts";
import type { DeploymentInput } from "#lib/deployments/spec.ts";
import { clusterForTest, placesForTest, projectForTest } from "#lib/targets/place-for-test.ts";

/** The form as it opens, with what a test fills in. */
export function form(patch: Partial<FormState> = {}): FormState {
  return { ...emptyForm("k7m2"), ...patch };
}

/** The form for the cluster, with one variant. */
export function onCluster(variant: Partial<VariantState> = {}, patch: Partial<FormState> = {}): FormState {
  return form({ target: cluster.name, variants: [{ ...main, ...variant }], ...patch });
}

/** The form for the Google project, with one variant. */
export function onGoogle(patch: Partial<FormState> = {}): FormState {
  return form({ target: project.name, variants: [main], ...patch });
}

export const main = newVariant("main", "sentiment");
export const cluster = clusterForTest();
export const project = projectForTest();

export function check(of: FormState): Checked {
  return checkForm(of, placesForTest);
}

export function input(of: FormState): DeploymentInput {
  return toInput(of, placeIn(placesForTest, of.target));
}
