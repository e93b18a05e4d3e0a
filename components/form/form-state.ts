import type { DeploymentInput, SpecInput } from "#lib/deployments/spec.ts";
import type { SpecView } from "#lib/deployments/view.ts";
import { catalogue } from "#lib/models/catalogue.ts";

/** What stands in the form's fields: numbers are kept as they were typed, so that nothing typed is lost. */
export type FormState = {
  name: string;
  /** a name nobody typed follows the model */
  nameTouched: boolean;
  target: DeploymentInput["target"];
  variants: VariantState[];
  rules: RuleState[];
  algorithm: string;
  affinityBy: string;
  affinityHeader: string;
  env: EnvState[];
  lifetime: string;
  lifetimeUnit: LifetimeUnit;
  layer: "4" | "7";
  port: string;
  access: "private" | "open";
  tlsMode: "none" | "self-signed" | "given";
  /** one of its own is stored: what is left empty stays */
  hasCertificate: boolean;
  certificate: string;
  tlsKey: string;
  redirectFrom: string;
};

export type VariantState = {
  key: string;
  name: string;
  source: "preset" | "image";
  preset: string;
  image: string;
  imagePort: string;
  minReplicas: string;
  maxReplicas: string;
  metric: string;
  targetInFlight: string;
  weight: string;
  healthPath: string;
};

export type RuleState = {
  key: string;
  variant: string;
  pathPrefix: string;
  headerName: string;
  headerValue: string;
  cookieName: string;
  cookieValue: string;
  queryName: string;
  queryValue: string;
  method: string;
};

/** `keep`: a secret that is stored; its value can't be read, only replaced. */
export type EnvState = { key: string; name: string; kind: "plain" | "secret" | "keep"; value: string };

export const lifetimeUnits = { minutes: 1, hours: 60, days: 1440 } as const;
export type LifetimeUnit = keyof typeof lifetimeUnits;

let lastKey = 0;
/** A key for a row of a list that can be moved and removed. */
export function rowKey(): string {
  return `row-${++lastKey}`;
}

export function newVariant(name: string, preset: string): VariantState {
  return {
    key: rowKey(),
    name,
    source: "preset",
    preset,
    image: "",
    imagePort: "",
    minReplicas: "1",
    maxReplicas: "3",
    metric: "inflight",
    targetInFlight: "",
    weight: "100",
    healthPath: "",
  };
}

/** Another model brings its own health path and its own number of requests in flight. */
export function chooseModel(model: Partial<Pick<VariantState, "source" | "preset">>): Partial<VariantState> {
  return { ...model, targetInFlight: "", healthPath: "" };
}

export function newRule(variant: string): RuleState {
  return {
    key: rowKey(),
    variant,
    pathPrefix: "",
    headerName: "",
    headerValue: "",
    cookieName: "",
    cookieValue: "",
    queryName: "",
    queryValue: "",
    method: "",
  };
}

/** A form with its defaults. `suffix` makes the suggested name unlikely to be taken. */
export function emptyForm(suffix: string): FormState {
  const preset = catalogue[0]?.id ?? "";
  return {
    name: `${preset}-${suffix}`,
    nameTouched: false,
    target: "local",
    variants: [{ ...newVariant("main", preset), key: "first" }],
    rules: [],
    algorithm: "least-connections",
    affinityBy: "none",
    affinityHeader: "",
    env: [],
    lifetime: "",
    lifetimeUnit: "hours",
    layer: "7",
    port: "",
    access: "private",
    tlsMode: "none",
    hasCertificate: false,
    certificate: "",
    tlsKey: "",
    redirectFrom: "",
  };
}

/** A name for one more variant that none of the others has. */
export function freeVariantName(variants: readonly VariantState[]): string {
  const names = new Set(variants.map((variant) => variant.name));
  for (const name of ["canary", "blue", "green"]) if (!names.has(name)) return name;
  let number = variants.length + 1;
  while (names.has(`variant-${number}`)) number += 1;
  return `variant-${number}`;
}

/** The form as the verbs and the API take it. What was typed badly stays bad, so that the schema can say so. */
export function toInput(form: FormState): DeploymentInput {
  return { name: form.name.trim(), target: form.target, ...toSpecInput(form) };
}

/** The form without name and target, which can't be changed later. */
export function toSpecInput(form: FormState): SpecInput {
  return {
    variants: form.variants.map((variant) => toVariant(variant, form.variants.length === 1)),
    routing: {
      layer: form.layer === "4" ? 4 : 7,
      rules: form.rules.map(toRule),
      algorithm: form.algorithm as NonNullable<SpecInput["routing"]>["algorithm"],
      affinity: toAffinity(form),
    },
    endpoint: {
      // Emptied means any free one; left out of a change it would mean the one that is there.
      port: toNumber(form.port) ?? null,
      access: form.access,
      tls: toTls(form),
      redirectFrom: form.tlsMode === "none" ? null : (toNumber(form.redirectFrom) ?? null),
    },
    env: form.env.map(toEnv),
    ttlMinutes: toMinutes(form),
  };
}

function toNumber(text: string): number | undefined {
  return text.trim() === "" ? undefined : Number(text);
}

function toText(text: string): string | undefined {
  return text.trim() === "" ? undefined : text.trim();
}

function toMinutes(form: FormState): number | null {
  const count = toNumber(form.lifetime);
  return count === undefined ? null : count * lifetimeUnits[form.lifetimeUnit];
}

function toAffinity(form: FormState): NonNullable<SpecInput["routing"]>["affinity"] {
  if (form.affinityBy === "header") return { by: "header", header: form.affinityHeader.trim() };
  return { by: form.affinityBy as "none" | "cookie" | "ip" };
}

function toTls(form: FormState): NonNullable<SpecInput["endpoint"]>["tls"] {
  if (form.tlsMode !== "given") return { mode: form.tlsMode };
  return { mode: "given", certificate: toText(form.certificate), key: toText(form.tlsKey) };
}

function toVariant(variant: VariantState, alone: boolean): NonNullable<SpecInput["variants"]>[number] {
  const fixed = variant.metric === "none";
  return {
    name: variant.name.trim(),
    model:
      variant.source === "preset"
        ? { preset: variant.preset }
        : { image: variant.image.trim(), port: toNumber(variant.imagePort) },
    scaling: {
      minReplicas: toNumber(variant.minReplicas),
      maxReplicas: fixed ? toNumber(variant.minReplicas) : toNumber(variant.maxReplicas),
      metric: variant.metric as "inflight" | "none",
      targetInFlight: toNumber(variant.targetInFlight),
    },
    // Without one it would be 100: nobody means to give the most to what they emptied. A lone one has all.
    weight: toNumber(variant.weight) ?? (alone ? undefined : NaN),
    healthPath: toText(variant.healthPath),
  };
}

function toRule(rule: RuleState) {
  const pair = (name: string, value: string) => (name || value ? { name: name.trim(), value } : undefined);
  return {
    variant: rule.variant,
    pathPrefix: toText(rule.pathPrefix),
    header: pair(rule.headerName, rule.headerValue),
    cookie: pair(rule.cookieName, rule.cookieValue),
    query: pair(rule.queryName, rule.queryValue),
    method: (rule.method || undefined) as "GET" | undefined,
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

/** The form of a deployment that is there, for its settings. */
export function formOf(name: string, spec: SpecView): FormState {
  const affinity = spec.routing.affinity;
  return {
    name,
    nameTouched: true,
    target: spec.target,
    variants: spec.variants.map((variant, index) => ({
      ...newVariant(variant.name, "preset" in variant.model ? variant.model.preset : ""),
      key: `variant-${index}`,
      ...("image" in variant.model
        ? { source: "image" as const, image: variant.model.image, imagePort: String(variant.model.port) }
        : {}),
      minReplicas: String(variant.scaling.minReplicas),
      maxReplicas: String(variant.scaling.maxReplicas),
      metric: variant.scaling.metric,
      targetInFlight: String(variant.scaling.targetInFlight),
      weight: String(variant.weight),
      healthPath: variant.healthPath,
    })),
    rules: spec.routing.rules.map((rule, index) => ({
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
    })),
    algorithm: spec.routing.algorithm,
    affinityBy: affinity.by,
    affinityHeader: affinity.by === "header" ? affinity.header : "",
    env: spec.env.map((env, index) => ({
      key: `env-${index}`,
      name: env.name,
      ...("value" in env
        ? { kind: "plain" as const, value: env.value }
        : { kind: "keep" as const, value: "" }),
    })),
    ...lifetimeOf(spec.ttlMinutes),
    layer: spec.routing.layer === 4 ? "4" : "7",
    port: spec.endpoint.port === null ? "" : String(spec.endpoint.port),
    access: spec.endpoint.access,
    tlsMode: spec.endpoint.tls.mode,
    hasCertificate: spec.endpoint.tls.mode === "given",
    certificate: "",
    tlsKey: "",
    redirectFrom: spec.endpoint.redirectFrom === null ? "" : String(spec.endpoint.redirectFrom),
  };
}

function lifetimeOf(minutes: number | null): Pick<FormState, "lifetime" | "lifetimeUnit"> {
  if (minutes === null) return { lifetime: "", lifetimeUnit: "hours" };
  const unit = (["days", "hours"] as const).find((u) => minutes % lifetimeUnits[u] === 0) ?? "minutes";
  return { lifetime: String(minutes / lifetimeUnits[unit]), lifetimeUnit: unit };
}
