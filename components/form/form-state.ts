import { newGoogle, type GoogleState } from "#components/form/google-state.ts";
import type { DeploymentInput } from "#lib/deployments/spec.ts";
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
  /** `google`: by a certificate that Google gets for a domain, where the place is Google's */
  tlsMode: "none" | "self-signed" | "given" | "google";
  /** one of its own is stored: what is left empty stays */
  hasCertificate: boolean;
  certificate: string;
  tlsKey: string;
  redirectFrom: string;
  /** a cluster's: empty for a Service */
  gatewayClass: string;
  /** a cluster's: empty for what the cluster was seen to give */
  serviceType: "" | "LoadBalancer" | "NodePort";
  pull: PullState;
  /** what only a Google project has */
  google: GoogleState;
  moved: { gatewayClass?: Moved; tlsMode?: Moved };
};

export type VariantState = {
  key: string;
  name: string;
  source: "preset" | "image";
  preset: string;
  image: string;
  imagePort: string;
  runAsRoot: boolean;
  minReplicas: string;
  maxReplicas: string;
  /** empty for what its place scales on */
  metric: "" | "inflight" | "cpu" | "none";
  targetInFlight: string;
  targetCpuPercent: string;
  scaleDownSeconds: string;
  cpu: string;
  memory: string;
  gpus: string;
  weight: string;
  healthPath: string;
  moved: { source?: Moved; metric?: Moved };
};

/** A choice that another target couldn't take: what it was set to, and why. It is said while that is what is chosen. */
export type Moved = { to: string; says: string };

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

/** `keep`: a password that is stored, for this registry and user. */
export type PullState = {
  kind: "none" | "given" | "keep";
  registry: string;
  username: string;
  password: string;
};

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
    runAsRoot: false,
    minReplicas: "1",
    maxReplicas: "3",
    metric: "",
    targetInFlight: "",
    targetCpuPercent: "",
    scaleDownSeconds: "",
    cpu: "",
    memory: "",
    gpus: "",
    weight: "100",
    healthPath: "",
    moved: {},
  };
}

/** Another model brings its own health path, resources and number of requests in flight. */
export function chooseModel(model: Partial<Pick<VariantState, "source" | "preset">>): Partial<VariantState> {
  return { ...model, targetInFlight: "", healthPath: "", cpu: "", memory: "", gpus: "" };
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

export const noPullSecret: PullState = { kind: "none", registry: "", username: "", password: "" };

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
    gatewayClass: "",
    serviceType: "",
    pull: noPullSecret,
    google: newGoogle,
    moved: {},
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

/** The variants without one of them. Where one is left its weight isn't shown any more, and it has all the traffic. */
export function withoutVariant(variants: readonly VariantState[], key: string): VariantState[] {
  const left = variants.filter((variant) => variant.key !== key);
  return left.length === 1 ? left.map((only) => ({ ...only, weight: "100" })) : left;
}
