import type { DeploymentInput, ScalingInput, Spec } from "#lib/deployments/spec.ts";
import type { FieldError } from "#lib/errors.ts";
import { invalid } from "#lib/parse-input.ts";

type Fields = Record<string, unknown>;

/**
 * What a person would send to get `spec` with `patch` applied: `scaling`, `routing` and `endpoint` are merged
 * field by field, everything else that is given replaces what was there. The result is checked like a new one.
 *
 * @param of its name, and its target as a person writes it
 * @throws SluiceError `invalid` for what can't be changed
 */
export function patchedInput(of: { name: string; target: string }, spec: Spec, patch: unknown): unknown {
  if (!isFields(patch)) throw invalid([{ field: "", message: "Send an object with what is to change." }]);
  refuseFixed(patch, of);
  const base: Fields = { ...inputOf(of, spec, "variants" in patch) };
  if ("model" in patch) forgetModelDefaults(base);
  const merged: Fields = { ...base, ...patch };
  for (const field of ["scaling", "routing", "endpoint"] as const) {
    const [before, after] = [base[field], patch[field]];
    if (isFields(before) && isFields(after)) merged[field] = { ...before, ...after };
  }
  return merged;
}

function refuseFixed(patch: Fields, fixed: Record<"name" | "target", string>): void {
  const problems: FieldError[] = (["name", "target"] as const)
    .filter((field) => patch[field] !== undefined && patch[field] !== fixed[field])
    .map((field) => ({ field, message: `A deployment's ${field} can't be changed. Make a new deployment.` }));
  if (problems.length > 0) throw invalid(problems);
}

/** A stored spec as it could have been sent; a single variant `main` in the short form, as most people do. */
function inputOf(
  of: { name: string; target: string },
  spec: Spec,
  withoutVariants: boolean,
): DeploymentInput {
  const { pullSecret } = spec;
  const rest = {
    ...of,
    routing: spec.routing,
    endpoint: { ...spec.endpoint, tls: { mode: spec.endpoint.tls.mode } },
    env: spec.env.map((e) => ("value" in e ? e : { name: e.name, keep: true as const })),
    pullSecret: pullSecret && {
      registry: pullSecret.registry,
      username: pullSecret.username,
      keep: true as const,
    },
    ttlMinutes: spec.ttlMinutes,
  };
  if (withoutVariants) return rest;
  const variants = spec.variants.map((variant) => ({ ...variant, scaling: scalingOf(variant, spec.target) }));
  const [only] = variants;
  if (only && variants.length === 1 && only.name === "main") {
    const { model, scaling, resources, healthPath } = only;
    return { ...rest, model, scaling, resources, healthPath };
  }
  return { ...rest, variants };
}

/** What counts where it runs: the rest is refused there when it is sent. */
function scalingOf({ scaling }: Spec["variants"][number], target: Spec["target"]): ScalingInput {
  const { targetInFlight, targetCpuPercent, scaleDownSeconds, ...both } = scaling;
  return target === "local" ? { ...both, targetInFlight } : { ...both, targetCpuPercent, scaleDownSeconds };
}

/** Another model brings its own health path, resources and number of requests in flight. */
function forgetModelDefaults(base: Fields): void {
  delete base.healthPath;
  delete base.resources;
  if (!isFields(base.scaling)) return;
  const { targetInFlight: _, ...scaling } = base.scaling;
  base.scaling = scaling;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
