import type { FormState } from "#components/form/form-state.ts";
import { googlePreviewOf } from "#lib/deployments/google-preview.ts";
import { toInput } from "#components/form/to-input.ts";
import type { Standing } from "#lib/deployments/complete-google.ts";
import { normalizeDeployment, type SpecDraft } from "#lib/deployments/normalize-spec.ts";
import type { Spec, Tls, TlsInput } from "#lib/deployments/spec.ts";
import type { GooglePreview } from "#lib/deployments/preview.ts";
import { SluiceError, type FieldError } from "#lib/errors.ts";
import type { Place } from "#lib/targets/place.ts";
import { planOf } from "#lib/targets/plan-of.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

export type Checked = {
  problems: FieldError[];
  spec: Spec | null;
  plan: PlannedResource[];
  google: GooglePreview | null;
};

/** A deployment that is there, and what of it can't be changed any more. */
export type There = { id: string; standing: Standing | null };

/** In the place of the id of a deployment that isn't made yet. */
const idToCome = "dep-…";

/**
 * Checks the form with the very rules of the server, here in the browser, and plans with the very list that the
 * engine's program registers: what is shown is what will be created.
 *
 * @param places wherever it may run; for one that is there, where it runs
 */
export function checkForm(
  form: FormState,
  places: readonly Place[],
  { id, standing }: There = { id: idToCome, standing: null },
): Checked {
  try {
    const input = toInput(form, placeIn(places, form.target));
    const { draft, place } = normalizeDeployment(input, places, standing);
    const spec = sealed(draft);
    return { problems: [], spec, plan: planOf(id, spec, place), google: googlePreviewOf(spec) };
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    return { problems: error.fields, spec: null, plan: [], google: null };
  }
}

/** The place that is chosen. One that went away meanwhile is a cluster of which nothing is known. */
export function placeIn(places: readonly Place[], name: string): Place {
  const gone = {
    kind: "kubernetes",
    name,
    targetId: null,
    refusal: null,
    offers: null,
    project: null,
  } as const;
  return places.find((place) => place.name === name) ?? gone;
}

/** As it will be stored; what is in a certificate only the server reads. */
function sealed(draft: SpecDraft): Spec {
  const { pullSecret, endpoint } = draft;
  return {
    ...draft,
    env: draft.env.map((env) =>
      env.value === undefined ? { name: env.name, secretId: "sealed" } : { name: env.name, value: env.value },
    ),
    endpoint: { ...endpoint, tls: sealedTls(endpoint.tls) },
    pullSecret: pullSecret && {
      registry: pullSecret.registry,
      username: pullSecret.username,
      secretId: "sealed",
    },
  };
}

function sealedTls(tls: TlsInput): Tls {
  if (tls.mode === "none") return tls;
  const certificate = tls.mode === "given" ? (tls.certificate ?? "") : "";
  return { mode: tls.mode, certificate, keyId: "sealed" };
}

/** The sentence for a field, or for what lies under it where that has no field of its own. */
export function problemAt(problems: readonly FieldError[], ...fields: string[]): string | null {
  return problems.find((problem) => fields.includes(problem.field))?.message ?? null;
}
