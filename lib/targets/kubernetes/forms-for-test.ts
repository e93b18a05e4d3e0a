import type { Spec, StoredSpec } from "#lib/deployments/spec.ts";
import { readSpec } from "#lib/deployments/to-view.ts";
import { settingsForTest, variantSettingsForTest } from "#lib/targets/kubernetes/settings-for-test.ts";
import type { KubernetesSecrets, KubernetesSettings } from "#lib/targets/kubernetes/settings.ts";

export type Form = { spec: Spec; settings: KubernetesSettings };

/** What stands for something secret in these forms. None of it may be seen in a plan or in the engine in plain. */
export const secretsForTest: KubernetesSecrets = {
  env: { TOKEN: "canary-token", MODE: "canary-mode" },
  pull: { ".dockerconfigjson": "canary-pull" },
  tls: { "tls.crt": "canary-certificate", "tls.key": "canary-key" },
};

type Variant = StoredSpec["variants"][number];

const main: Variant = {
  name: "main",
  model: { image: "registry.example/sentiment:1", port: 8080, healthPath: "/healthz" },
  scaling: { minReplicas: 2, maxReplicas: 2, metric: "none", targetInFlight: 1 },
  weight: 100,
  healthPath: "/healthz",
};
const scaling: Variant = {
  ...main,
  scaling: { minReplicas: 1, maxReplicas: 4, metric: "inflight", targetInFlight: 1 },
};
const routing: Spec["routing"] = {
  layer: 7,
  rules: [],
  algorithm: "round-robin",
  affinity: { by: "none" },
};
const endpoint: StoredSpec["endpoint"] = {
  port: null,
  access: "private",
  tls: { mode: "none" },
  redirectFrom: null,
};
const open: StoredSpec["endpoint"] = { ...endpoint, access: "open" };
const secure: Spec["endpoint"]["tls"] = {
  mode: "given",
  certificate: "-----BEGIN CERTIFICATE-----",
  keyId: "sec-k",
};

function form(change: Partial<StoredSpec>, settings: Partial<KubernetesSettings> = {}): Form {
  const spec = readSpec({
    version: 1,
    target: "kubernetes",
    variants: [main],
    routing,
    endpoint,
    env: [],
    ttlMinutes: null,
    ...change,
  } satisfies StoredSpec);
  const variants = Object.fromEntries(spec.variants.map(({ name }) => [name, variantSettingsForTest()]));
  return { spec, settings: settingsForTest({ variants, ...settings }) };
}

const canary: Variant = { ...main, name: "canary", weight: 10 };
const rules: Spec["routing"]["rules"] = [
  { variant: "canary", pathPrefix: "/v2/", header: { name: "x-canary", value: "yes" } },
  { variant: "canary", method: "POST", query: { name: "canary", value: "1" } },
];

/** Every variant of the form that makes another graph. */
export const forms: Record<string, Form> = {
  "fixed replicas": form({}),
  "an HPA": form({ variants: [scaling] }),
  "the environment, a secret in it": form({
    env: [
      { name: "TOKEN", secretId: "sec-a" },
      { name: "MODE", value: "canary-mode" },
    ],
  }),
  "two variants with rules": form({
    variants: [scaling, canary],
    routing: { ...routing, rules: [...rules, { variant: "canary", cookie: { name: "beta", value: "1" } }] },
  }),
  "open to all": form({ endpoint: open }),
  "a load balancer's address": form({}, { serviceType: "LoadBalancer" }),
  "HTTPS by HAProxy": form({ endpoint: { ...endpoint, tls: secure } }),
  "HTTPS by HAProxy, at a load balancer's address": form(
    { endpoint: { ...endpoint, tls: secure } },
    { serviceType: "LoadBalancer" },
  ),
  "a Gateway that routes": form(
    { variants: [main, canary], routing: { ...routing, rules }, endpoint: open },
    { gatewayClass: "traefik", proxy: null },
  ),
  "a Gateway that routes, by HTTPS": form(
    { endpoint: { ...open, tls: secure } },
    { gatewayClass: "traefik", proxy: null },
  ),
  "a Gateway before HAProxy": form({}, { gatewayClass: "traefik" }),
  "a Gateway before HAProxy, and an HPA": form({ variants: [scaling] }, { gatewayClass: "traefik" }),
  "a Gateway before HAProxy, by HTTPS": form(
    { endpoint: { ...endpoint, tls: secure } },
    { gatewayClass: "traefik" },
  ),
  "layer 4": form({ routing: { ...routing, layer: 4 }, endpoint: open }, { proxy: null }),
  "layer 4, sticky by address": form(
    { routing: { ...routing, layer: 4, affinity: { by: "ip" } }, endpoint: open },
    { proxy: null },
  ),
  "layer 4, at a load balancer's address": form(
    { routing: { ...routing, layer: 4 }, endpoint: open },
    { proxy: null, serviceType: "LoadBalancer" },
  ),
  "a GPU": form({}, { variants: { main: variantSettingsForTest({ gpus: 2 }) } }),
  "an image that needs root": form({}, { variants: { main: variantSettingsForTest({ runAsRoot: true }) } }),
  "a pull secret": form({}, { pullSecretFingerprint: "f00d" }),
};
