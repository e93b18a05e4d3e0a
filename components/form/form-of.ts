import {
  lifetimeUnits,
  newRule,
  newVariant,
  noPullSecret,
  type FormState,
  type RuleState,
  type VariantState,
} from "#components/form/form-state.ts";
import { googleStateOf } from "#components/form/google-state.ts";
import type { Rule, Variant } from "#lib/deployments/spec.ts";
import type { SpecView } from "#lib/deployments/view.ts";
import type { Place } from "#lib/targets/place.ts";

/** The form of a deployment that is there, for its settings. */
export function formOf(name: string, spec: SpecView, place: Pick<Place, "name" | "kind">): FormState {
  const { routing, pullSecret, google } = spec;
  return {
    name,
    nameTouched: true,
    target: place.name,
    variants: spec.variants.map(variantOf),
    rules: routing.rules.map(ruleOf),
    algorithm: routing.algorithm,
    affinityBy: routing.affinity.by,
    affinityHeader: routing.affinity.by === "header" ? routing.affinity.header : "",
    env: spec.env.map((env, index) => ({
      key: `env-${index}`,
      name: env.name,
      ...("value" in env
        ? { kind: "plain" as const, value: env.value }
        : { kind: "keep" as const, value: "" }),
    })),
    ...lifetimeOf(spec.ttlMinutes),
    layer: routing.layer === 4 ? "4" : "7",
    ...endpointOf(spec),
    pull: pullSecret ? { ...pullSecret, kind: "keep", password: "" } : noPullSecret,
    google: googleStateOf(google),
    moved: {},
  };
}

function variantOf({ name, model, scaling, resources, weight, healthPath }: Variant, index: number) {
  const image: Partial<VariantState> =
    "image" in model
      ? { source: "image", image: model.image, imagePort: String(model.port), runAsRoot: model.runAsRoot }
      : {};
  return {
    ...newVariant(name, "preset" in model ? model.preset : ""),
    key: `variant-${index}`,
    ...image,
    minReplicas: String(scaling.minReplicas),
    maxReplicas: String(scaling.maxReplicas),
    metric: scaling.metric,
    targetInFlight: String(scaling.targetInFlight),
    targetCpuPercent: String(scaling.targetCpuPercent),
    scaleDownSeconds: String(scaling.scaleDownSeconds),
    cpu: resources?.cpu ?? "",
    memory: resources?.memory ?? "",
    gpus: resources ? String(resources.gpus) : "",
    weight: String(weight),
    healthPath,
  };
}

function ruleOf(rule: Rule, index: number): RuleState {
  return {
    ...newRule(rule.variant),
    key: `rule-${index}`,
    pathPrefix: rule.pathPrefix ?? "",
    headerName: rule.header?.name ?? "",
    headerValue: rule.header?.value ?? "",
    cookieName: rule.cookie?.name ?? "",
    cookieValue: rule.cookie?.value ?? "",
    queryName: rule.query?.name ?? "",
    queryValue: rule.query?.value ?? "",
    method: rule.method ?? "",
  };
}

function endpointOf({ endpoint, google }: SpecView) {
  const { port, redirectFrom, tls } = endpoint;
  return {
    port: port === null ? "" : String(port),
    access: endpoint.access,
    tlsMode: google?.domain ? ("google" as const) : tls.mode,
    hasCertificate: tls.mode === "given",
    certificate: "",
    tlsKey: "",
    redirectFrom: redirectFrom === null ? "" : String(redirectFrom),
    gatewayClass: endpoint.gatewayClass ?? "",
    serviceType: endpoint.serviceType ?? ("" as const),
  };
}

function lifetimeOf(minutes: number | null): Pick<FormState, "lifetime" | "lifetimeUnit"> {
  if (minutes === null) return { lifetime: "", lifetimeUnit: "hours" };
  const unit = (["days", "hours"] as const).find((u) => minutes % lifetimeUnits[u] === 0) ?? "minutes";
  return { lifetime: String(minutes / lifetimeUnits[unit]), lifetimeUnit: unit };
}
