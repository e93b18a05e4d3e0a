import { ownClusterOfSpec } from "#lib/deployments/google-spec-for-test.ts";
import type { Spec, StoredSpec } from "#lib/deployments/spec.ts";
import { readSpec } from "#lib/deployments/to-view.ts";
import { staticBucketName } from "#lib/targets/gke/names.ts";
import type { ExistingCluster, GkeSecrets, GkeSettings, OwnCluster } from "#lib/targets/gke/settings.ts";
import { variantSettingsForTest } from "#lib/targets/kubernetes/settings-for-test.ts";

export type GkeForm = { spec: Spec; settings: GkeSettings };

export const deploymentForTest = "dep-0123456789ab";

/** What stands for something secret in these forms. None of it may be seen in a plan or in the engine in plain. */
export const secretsForTest: GkeSecrets = {
  env: { TOKEN: "canary-token", MODE: "canary-mode" },
  pull: { ".dockerconfigjson": "canary-pull" },
  certificateKey: "canary-key",
};

/** The origin's: three small nodes in one zone. */
export const ownClusterForTest: OwnCluster = { ...ownClusterOfSpec, network: null };

export const existingClusterForTest: ExistingCluster = {
  mode: "existing",
  name: "shared",
  network: "projects/demo-proj/global/networks/default",
  podsRange: "10.4.0.0/14",
  morePodsRanges: [],
};

const settings: GkeSettings = {
  project: "demo-proj",
  region: "us-central1",
  location: "us-central1-a",
  zones: ["us-central1-a"],
  cluster: ownClusterForTest,
  nodeServiceAccount: "nodes@demo-proj.iam.gserviceaccount.com",
  domain: null,
  staticContent: null,
  logSampleRate: 1,
  maxRatePerEndpoint: 100,
  variants: { main: variantSettingsForTest() },
  proxy: { image: "haproxy.example/haproxy:3.2", files: { "haproxy.cfg": "global\n" } },
  pullSecretFingerprint: null,
  streamLimitSeconds: 600,
};

type Variant = StoredSpec["variants"][number];

const main: Variant = {
  name: "main",
  model: { image: "registry.example/sentiment:1", port: 8080, healthPath: "/healthz" },
  scaling: { minReplicas: 2, maxReplicas: 2, metric: "none", targetInFlight: 1 },
  weight: 100,
  healthPath: "/healthz",
};
const canary: Variant = { ...main, name: "canary", weight: 10, healthPath: "/ready" };
const scaling: Variant = {
  ...main,
  scaling: { minReplicas: 1, maxReplicas: 4, metric: "cpu", targetInFlight: 1 },
};
const routing: Spec["routing"] = {
  layer: 7,
  rules: [],
  algorithm: "least-connections",
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
const rules: Spec["routing"]["rules"] = [
  { variant: "canary", pathPrefix: "/v2/", header: { name: "x-canary", value: "yes" } },
  { variant: "canary", method: "POST", query: { name: "canary", value: "1" } },
];

/** A form of the origin's with what is changed in it. */
export function gkeForm(change: Partial<StoredSpec> = {}, changed: Partial<GkeSettings> = {}): GkeForm {
  const spec = readSpec({
    version: 1,
    target: "gke",
    variants: [main],
    routing,
    endpoint,
    env: [],
    ttlMinutes: null,
    ...change,
  } satisfies StoredSpec);
  const variants = Object.fromEntries(
    spec.variants.map(({ name }, index) => [name, variantSettingsForTest({ port: 8080 + index })]),
  );
  return { spec, settings: { ...settings, variants, ...changed } };
}

const files = {
  bucket: staticBucketName(deploymentForTest),
  prefix: "/static",
  fingerprint: "0f0f0f0f",
};
const chosen = {
  network: "projects/demo-proj/global/networks/lab",
  subnetwork: "projects/demo-proj/regions/us-central1/subnetworks/lab",
  podsRangeName: "lab-pods",
  servicesRangeName: "lab-services",
};
const gpu = { type: "nvidia-tesla-t4", count: 1 };

/** Every variant of the form that makes another graph. */
export const gkeForms: Record<string, GkeForm> = {
  "keys, so HAProxy routes": gkeForm(),
  "open to all, so Google routes": gkeForm({ endpoint: open }),
  "two variants with rules": gkeForm({
    variants: [scaling, canary],
    routing: { ...routing, rules, algorithm: "random" },
    endpoint: open,
  }),
  "two variants with a rule on a cookie": gkeForm({
    variants: [main, canary],
    routing: { ...routing, rules: [{ variant: "canary", cookie: { name: "beta", value: "1" } }] },
    endpoint: open,
  }),
  "affinity by cookie": gkeForm({ routing: { ...routing, affinity: { by: "cookie" } }, endpoint: open }),
  "affinity by address": gkeForm({ routing: { ...routing, affinity: { by: "ip" } }, endpoint: open }),
  "an HPA": gkeForm({ variants: [scaling] }),
  "the environment, a secret in it": gkeForm({
    env: [
      { name: "TOKEN", secretId: "sec-a" },
      { name: "MODE", value: "canary-mode" },
    ],
  }),
  "a pull secret": gkeForm({}, { pullSecretFingerprint: "f00d" }),
  "a given certificate": gkeForm({ endpoint: { ...endpoint, tls: secure } }),
  "a self-signed certificate": gkeForm({ endpoint: { ...open, tls: { ...secure, mode: "self-signed" } } }),
  "a domain": gkeForm({}, { domain: { name: "model.example.com", leaving: [] } }),
  "another domain": gkeForm({}, { domain: { name: "new.example.com", leaving: ["model.example.com"] } }),
  "static content": gkeForm({}, { staticContent: files }),
  "static content beside open variants": gkeForm(
    { variants: [main, canary], endpoint: open },
    { staticContent: files },
  ),
  "no request log": gkeForm({}, { logSampleRate: 0 }),
  "a region's cluster": gkeForm(
    {},
    { location: "us-central1", zones: ["us-central1-a", "us-central1-b", "us-central1-c"] },
  ),
  "a zone's cluster with nodes in two": gkeForm({}, { zones: ["us-central1-a", "us-central1-f"] }),
  "spot nodes that scale": gkeForm(
    {},
    { cluster: { ...ownClusterForTest, spot: true, minNodes: 1, maxNodes: 6 } },
  ),
  "a GPU": gkeForm(
    {},
    { cluster: { ...ownClusterForTest, gpu }, variants: { main: variantSettingsForTest({ gpus: 1 }) } },
  ),
  "a chosen network": gkeForm({}, { cluster: { ...ownClusterForTest, network: chosen } }),
  "an existing cluster": gkeForm({}, { cluster: existingClusterForTest }),
  "an existing cluster with more ranges for pods": gkeForm(
    {},
    { cluster: { ...existingClusterForTest, morePodsRanges: ["10.50.0.0/20", "10.60.0.0/20"] } },
  ),
  "an existing cluster, open to all": gkeForm({ endpoint: open }, { cluster: existingClusterForTest }),
  "layer 4": gkeForm({ routing: { ...routing, layer: 4 }, endpoint: open }),
  "layer 4 by address, existing cluster": gkeForm(
    { routing: { ...routing, layer: 4, affinity: { by: "ip" } }, endpoint: open },
    { cluster: existingClusterForTest },
  ),
};
