import {
  lifetimeUnits,
  type EnvState,
  type FormState,
  type PullState,
  type RuleState,
  type VariantState,
} from "#components/form/form-state.ts";
import { toGoogle } from "#components/form/to-google.ts";
import { toNumber } from "#components/form/to-number.ts";
import { usualMetric } from "#lib/deployments/complete-variant.ts";
import type { DeploymentInput, Rule, Spec, SpecInput } from "#lib/deployments/spec.ts";
import type { Place } from "#lib/targets/place.ts";

type Variant = NonNullable<SpecInput["variants"]>[number];
type Where = Pick<Place, "kind" | "offers">;

/** The form as the verbs and the API take it. What was typed badly stays bad, so that the schema can say so. */
export function toInput(form: FormState, place: Where): DeploymentInput {
  return { name: form.name.trim(), target: form.target, ...toSpecInput(form, place) };
}

/**
 * The form without name and target, which can't be changed later.
 *
 * @param place what only other places have stays in the form, and isn't sent
 */
export function toSpecInput(form: FormState, place: Where): SpecInput {
  return {
    variants: form.variants.map((variant) => toVariant(variant, form.variants.length === 1, place)),
    routing: toRouting(form),
    endpoint: toEndpoint(form, place),
    env: form.env.map(toEnv),
    ...(place.kind !== "local" && { pullSecret: toPullSecret(form.pull) }),
    ...(place.kind === "gke" && { google: toGoogle(form) }),
    ttlMinutes: toMinutes(form),
  };
}

/** Rules, algorithm and affinity as they are filled in, good or not. */
export function toRouting(form: FormState): Spec["routing"] {
  return {
    layer: form.layer === "4" ? 4 : 7,
    rules: form.rules.map(toRule),
    algorithm: form.algorithm as Spec["routing"]["algorithm"],
    affinity: toAffinity(form),
  };
}

/** What it scales on: chosen, or usual where it runs. */
export function metricOf({ metric }: Pick<VariantState, "metric">, place: Where) {
  return metric || usualMetric(place);
}

function toText(text: string): string | undefined {
  return text.trim() === "" ? undefined : text.trim();
}

function toMinutes(form: FormState): number | null {
  const count = toNumber(form.lifetime);
  return count === undefined ? null : count * lifetimeUnits[form.lifetimeUnit];
}

function toAffinity(form: FormState): Spec["routing"]["affinity"] {
  if (form.affinityBy === "header") return { by: "header", header: form.affinityHeader.trim() };
  return { by: form.affinityBy as "none" | "cookie" | "ip" };
}

function toEndpoint(form: FormState, place: Where): NonNullable<SpecInput["endpoint"]> {
  const endpoint = { access: form.access, tls: toTls(form) };
  if (place.kind === "gke") return endpoint;
  if (place.kind === "kubernetes") {
    return {
      ...endpoint,
      gatewayClass: form.gatewayClass || null,
      serviceType: form.gatewayClass ? null : form.serviceType || null,
    };
  }
  return {
    // Emptied means any free one; left out of a change it would mean the one that is there.
    port: toNumber(form.port) ?? null,
    ...endpoint,
    redirectFrom: form.tlsMode === "none" ? null : (toNumber(form.redirectFrom) ?? null),
  };
}

function toTls(form: FormState): NonNullable<SpecInput["endpoint"]>["tls"] {
  // The domain, with which it comes, is in the section Google Cloud.
  if (form.tlsMode === "google") return { mode: "none" };
  if (form.tlsMode !== "given") return { mode: form.tlsMode };
  return { mode: "given", certificate: toText(form.certificate), key: toText(form.tlsKey) };
}

function toVariant(variant: VariantState, alone: boolean, place: Where): Variant {
  return {
    name: variant.name.trim(),
    model: toModel(variant, place),
    scaling: toScaling(variant, place),
    ...(place.kind !== "local" && {
      resources: {
        cpu: toText(variant.cpu),
        memory: toText(variant.memory),
        gpus: toNumber(variant.gpus),
      },
    }),
    // Without one it would be 100: nobody means to give the most to what they emptied. A lone one has all.
    weight: toNumber(variant.weight) ?? (alone ? undefined : NaN),
    healthPath: toText(variant.healthPath),
  };
}

function toModel(variant: VariantState, place: Where): Variant["model"] {
  if (variant.source === "preset") return { preset: variant.preset };
  return {
    image: variant.image.trim(),
    port: toNumber(variant.imagePort),
    runAsRoot: place.kind !== "local" && variant.runAsRoot,
  };
}

function toScaling(variant: VariantState, place: Where): Variant["scaling"] {
  const metric = metricOf(variant, place);
  const count = {
    minReplicas: toNumber(variant.minReplicas),
    maxReplicas: toNumber(metric === "none" ? variant.minReplicas : variant.maxReplicas),
    metric,
  };
  if (place.kind === "local") return { ...count, targetInFlight: toNumber(variant.targetInFlight) };
  // What isn't shown isn't sent: it might be refused, and nobody would see where.
  if (metric === "none") return count;
  return {
    ...count,
    targetCpuPercent: toNumber(variant.targetCpuPercent),
    scaleDownSeconds: toNumber(variant.scaleDownSeconds),
  };
}

function toRule(rule: RuleState): Rule {
  const pair = (name: string, value: string) => (name || value ? { name: name.trim(), value } : undefined);
  return {
    variant: rule.variant,
    pathPrefix: toText(rule.pathPrefix),
    header: pair(rule.headerName, rule.headerValue),
    cookie: pair(rule.cookieName, rule.cookieValue),
    query: pair(rule.queryName, rule.queryValue),
    method: (rule.method || undefined) as Rule["method"],
  };
}

function toEnv(env: EnvState) {
  const name = env.name.trim();
  switch (env.kind) {
    case "plain":
      return { name, value: env.value };
    case "secret":
      return { name, secret: env.value };
    case "keep":
      return { name, keep: true as const };
  }
}

function toPullSecret({ kind, registry, username, password }: PullState): SpecInput["pullSecret"] {
  const login = { registry: registry.trim(), username: username.trim() };
  switch (kind) {
    case "none":
      return null;
    case "given":
      return { ...login, password: password || undefined };
    case "keep":
      return { ...login, keep: true };
  }
}
