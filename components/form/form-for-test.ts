import { checkForm, placeIn, problemAt, type Checked } from "#components/form/check-form.ts";
import type { FormTools } from "#components/form/form-context.tsx";
import { emptyForm, newVariant, type FormState, type VariantState } from "#components/form/form-state.ts";
import { toInput } from "#components/form/to-input.ts";
import type { DeploymentInput } from "#lib/deployments/spec.ts";
import type { FieldError } from "#lib/errors.ts";
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

/** What a part of the form gets to be drawn with, while these problems show. */
export function toolsWith(of: FormState, problems: readonly FieldError[] = []): FormTools {
  return {
    form: of,
    change: () => {},
    places: placesForTest,
    place: placeIn(placesForTest, of.target),
    isThere: false,
    refused: {},
    at: (...fields) => ({
      error: problemAt(problems, ...fields),
      "data-field": fields.join(" "),
      onBlur: () => {},
    }),
    problemsUnder: (field) => problems.some((problem) => problem.field.startsWith(field)),
  };
}
