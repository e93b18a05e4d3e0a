import { toGoogleInput } from "#lib/deployments/complete-google.ts";
import {
  changeInput,
  specInput,
  type DeploymentInput,
  type ScalingInput,
  type Spec,
} from "#lib/deployments/spec.ts";
import type { FieldError } from "#lib/errors.ts";
import { invalid, parseInput } from "#lib/parse-input.ts";

type Fields = Record<string, unknown>;

/**
 * What a person would send to get `spec` with `patch` applied: `scaling`, `routing`, `endpoint`, `google` with its
 * cluster, and an image's `model` are merged field by field, everything else that is given replaces what was there. The result is checked like a new one.
 *
 * @param of its name, and its target as a person writes it
 * @throws SluiceError `invalid` for what can't be changed
 */
export function patchedInput(of: { name: string; target: string }, spec: Spec, patch: unknown): unknown {
  if (!isFields(patch)) throw invalid([{ field: "", message: "Send an object with what is to change." }]);
  refuseFixed(patch, of);
  const base: Fields = { ...inputOf(of, spec, "variants" in patch) };
  const image = isImage(base.model) && isImage(patch.model) ? patch.model : null;
  if ("model" in patch && !image) forgetModelDefaults(base);
  // The path beside the model would hide the one that is given in it.
  if (image && "healthPath" in image) delete base.healthPath;
  const merged: Fields = { ...base, ...patch };
  for (const field of ["scaling", "routing", "endpoint", "google", ...(image ? ["model"] : [])]) {
    const [before, after] = [base[field], patch[field]];
    if (isFields(before) && isFields(after)) merged[field] = { ...before, ...after };
  }
  const [cluster, wanted] = [base.google, patch.google].map((one) => (isFields(one) ? one.cluster : null));
  if (isFields(merged.google) && isFields(cluster) && isFields(wanted))
    merged.google = { ...merged.google, cluster: mergedCluster(cluster, wanted) };
  return merged;
}

/**
 * The fields of a change, apart from the revision that it was made from; `null`: it doesn't say.
 *
 * @throws SluiceError `invalid`
 */
export function withoutRevision(change: unknown): { from: number | null; patch: unknown } {
  if (!isFields(change)) return { from: null, patch: change };
  const { revision, ...patch } = change;
  return { from: parseInput(changeInput.pick({ revision: true }), { revision }).revision ?? null, patch };
}

/** Of another kind of cluster nothing is kept. */
function mergedCluster(before: Fields, wanted: Fields): Fields {
  const isSameKind = wanted.mode === undefined || wanted.mode === before.mode;
  return isSameKind ? { ...before, ...wanted } : wanted;
}

/**
 * The spec with another time to live, where the patch gives nothing else: all the rest stays as it is stored, whatever
 * its place or its certificate would say now.
 *
 * @returns null where the patch gives more, or no time
 * @throws SluiceError `invalid`
 */
export function withTimeToLive(spec: Spec, patch: unknown): Spec | null {
  if (!isFields(patch) || patch.ttlMinutes === undefined || Object.keys(patch).length > 1) return null;
  const { ttlMinutes } = parseInput(specInput.pick({ ttlMinutes: true }), patch);
  return { ...spec, ttlMinutes: ttlMinutes ?? null };
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
    ...(spec.google && { google: toGoogleInput(spec.google) }),
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
  if (target === "local") return { ...both, targetInFlight };
  return { ...both, scaleDownSeconds, ...(both.metric === "cpu" && { targetCpuPercent }) };
}

/** Another model brings its own health path, resources and number of requests in flight. */
function forgetModelDefaults(base: Fields): void {
  delete base.healthPath;
  delete base.resources;
  if (!isFields(base.scaling)) return;
  const { targetInFlight: _, ...scaling } = base.scaling;
  base.scaling = scaling;
}

function isImage(model: unknown): model is Fields {
  return isFields(model) && "image" in model;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
