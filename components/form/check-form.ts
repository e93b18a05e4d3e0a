import { toInput, type FormState } from "#components/form/form-state.ts";
import { normalizeDeployment } from "#lib/deployments/normalize-spec.ts";
import type { Spec, Tls, TlsInput } from "#lib/deployments/spec.ts";
import { SluiceError, type FieldError } from "#lib/errors.ts";
import { planLocal } from "#lib/targets/local/plan.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

export type Checked = { problems: FieldError[]; spec: Spec | null; plan: PlannedResource[] };

/**
 * Checks the form with the very rules of the server, here in the browser, and plans with the very list that the
 * engine's program registers: what is shown is what will be created.
 */
export function checkForm(form: FormState): Checked {
  try {
    const { draft } = normalizeDeployment(toInput(form));
    const spec: Spec = {
      ...draft,
      env: draft.env.map((env) =>
        env.value === undefined
          ? { name: env.name, secretId: "sealed" }
          : { name: env.name, value: env.value },
      ),
      endpoint: { ...draft.endpoint, tls: sealedTls(draft.endpoint.tls) },
      pullSecret: draft.pullSecret && { ...draft.pullSecret, secretId: "sealed" },
    };
    return { problems: [], spec, plan: planLocal("new", spec) };
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    return { problems: error.fields, spec: null, plan: [] };
  }
}

/** As it will be stored; what is in a certificate only the server reads. */
function sealedTls(tls: TlsInput): Tls {
  if (tls.mode === "none") return tls;
  const certificate = tls.mode === "given" ? (tls.certificate ?? "") : "";
  return { mode: tls.mode, certificate, keyId: "sealed" };
}

/** The sentence for a field, or for what lies under it where that has no field of its own. */
export function problemAt(problems: readonly FieldError[], ...fields: string[]): string | null {
  return problems.find((problem) => fields.includes(problem.field))?.message ?? null;
}
