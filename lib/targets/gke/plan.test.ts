import { describe, expect, test } from "vitest";
import {
  deploymentForTest,
  existingClusterForTest,
  gkeForm,
  gkeForms,
  ownClusterForTest,
} from "#lib/targets/gke/forms-for-test.ts";
import { deploymentOf } from "#lib/targets/gke/mark.ts";
import { allOf, before, everyPlan, isGoogles, planOf } from "#lib/targets/gke/plan-for-test.ts";
import { planGke } from "#lib/targets/gke/plan.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { variantSettingsForTest } from "#lib/targets/kubernetes/settings-for-test.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

const namesOf = (plan: PlannedResource[]) =>
  plan.filter(isGoogles).map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
const address = ["GlobalAddress address"];
const network = ["Network network", "Subnetwork subnet"];
const cluster = ["Cluster cluster", "NodePool pool"];
const own = [...address, ...network, ...cluster, "Firewall firewall"];
const proxy = ["HealthCheck proxy", "BackendService proxy"];
const variant = (name: string) => [`HealthCheck variant-${name}`, `BackendService variant-${name}`];
const http = ["TargetHttpProxy http", "GlobalForwardingRule http"];
const https = ["TargetHttpsProxy https", "GlobalForwardingRule https"];
const files = ["Bucket static", "BucketIAMMember static", "BackendBucket static"];
const routes = "URLMap routes";
const redirect = "URLMap redirect";

test.each([
  ["keys, so HAProxy routes", [...own, ...proxy, routes, ...http]],
  ["open to all, so Google routes", [...own, ...variant("main"), routes, ...http]],
  ["two variants with rules", [...own, ...variant("main"), ...variant("canary"), routes, ...http]],
  ["two variants with a rule on a cookie", [...own, ...proxy, routes, ...http]],
  [
    "a given certificate",
    [...own, "SSLCertificate certificate", ...proxy, routes, redirect, ...http, ...https],
  ],
  ["static content", [...own, ...files, ...proxy, routes, ...http]],
  ["a chosen network", [...address, ...cluster, "Firewall firewall", ...proxy, routes, ...http]],
  ["an existing cluster", [...address, "Firewall firewall", ...proxy, routes, ...http]],
  ["layer 4", ["Address address", ...network, ...cluster]],
  ["layer 4 by address, existing cluster", ["Address address"]],
])("what there is at Google: %s", (name, wanted) => {
  expect(namesOf(planOf(name))).toEqual(wanted);
});

describe("every variant of the form", () => {
  test.each(everyPlan)("%s: each comes after what it needs, and none is there twice", (_, plan) => {
    const keys = plan.map(resourceKey);
    expect(new Set(keys).size).toBe(keys.length);
    for (const one of plan)
      for (const needed of one.dependsOn)
        expect(keys.slice(0, keys.indexOf(resourceKey(one)))).toContain(needed);
  });

  test.each(everyPlan)("%s: what one names of another is there before it", (_, plan) => {
    const ours = plan.filter(isGoogles);
    for (const one of ours) {
      const text = JSON.stringify(one.inputs);
      for (const other of ours) {
        const collection = collections[other.type];
        if (!collection || !text.includes(`/${collection}/${String(other.inputs.name)}"`)) continue;
        expect(before(plan, one)).toContain(resourceKey(other));
      }
    }
  });

  test.each(everyPlan)("%s: Google's own carry our mark, and names that Google takes", (_, plan) => {
    for (const { type, inputs } of plan.filter(isGoogles)) {
      if (type === gkeTypes.bucketReader) continue;
      const longest = type === gkeTypes.cluster || type === gkeTypes.nodePool ? 40 : 63;
      expect(inputs.name).toMatch(/^[a-z]([-a-z0-9]*[a-z0-9])?$/);
      expect(String(inputs.name).length).toBeLessThanOrEqual(longest);
      expect(inputs.project).toBe("demo-proj");
      const config = inputs.nodeConfig as { resourceLabels: Record<string, string> } | undefined;
      const labels = inputs.labels ?? inputs.resourceLabels ?? config?.resourceLabels;
      const description = inputs.description as string | undefined;
      expect(deploymentOf({ labels: labels as Record<string, string>, description })).toBe(deploymentForTest);
    }
  });

  test.each(everyPlan)("%s: nothing waits for an output, and nothing secret is in it", (_, plan) => {
    const text = JSON.stringify(plan);
    expect(JSON.parse(text)).toEqual(plan);
    for (const secret of ["canary-token", "canary-pull", "canary-key"]) expect(text).not.toContain(secret);
    for (const certificate of allOf(plan, gkeTypes.certificate))
      expect(certificate.inputs.privateKey).toEqual({ $secret: "certificateKey" });
    expect(plan.some(({ inputs }) => (inputs.metadata as { name?: string })?.name === "tls")).toBe(false);
  });
});

const collections: Record<string, string> = {
  [gkeTypes.network]: "networks",
  [gkeTypes.subnetwork]: "subnetworks",
  [gkeTypes.healthCheck]: "healthChecks",
  [gkeTypes.backendService]: "backendServices",
  [gkeTypes.backendBucket]: "backendBuckets",
  [gkeTypes.urlMap]: "urlMaps",
  [gkeTypes.httpProxy]: "targetHttpProxies",
  [gkeTypes.httpsProxy]: "targetHttpsProxies",
  [gkeTypes.certificate]: "sslCertificates",
  [gkeTypes.managedCertificate]: "sslCertificates",
  [gkeTypes.globalAddress]: "addresses",
};

test("a name stays short enough with the longest name that a variant can have", () => {
  const name = "a".repeat(20);
  const { spec, settings } = gkeForms["open to all, so Google routes"]!;
  const renamed = { ...spec, variants: [{ ...spec.variants[0]!, name }] };
  const plan = planGke(deploymentForTest, renamed, {
    ...settings,
    variants: { [name]: settings.variants.main! },
  });
  const longest = Math.max(...plan.filter(isGoogles).map(({ inputs }) => String(inputs.name ?? "").length));
  expect(longest).toBeLessThanOrEqual(63);
});

describe("settings that don't fit the spec are refused", () => {
  const files = { bucket: "b", prefix: "/static", fingerprint: "f" };
  const domain = { name: "model.example.com", leaving: [] };
  const shared = { ...existingClusterForTest, network: "projects/host/global/networks/n" };
  test.each<[string, Partial<GkeSettings>, string]>([
    ["keys, so HAProxy routes", { variants: {} }, "variant main"],
    ["keys, so HAProxy routes", { proxy: null }, "HAProxy"],
    ["keys, so HAProxy routes", { zones: [] }, "at least one zone"],
    ["keys, so HAProxy routes", { zones: ["europe-west1-b"] }, "Not all zones are in us-central1"],
    ["keys, so HAProxy routes", { location: "us-central1-b" }, "us-central1-b is neither"],
    ["keys, so HAProxy routes", { cluster: { ...ownClusterForTest, minNodes: 4 } }, "A pool has"],
    ["keys, so HAProxy routes", { cluster: shared }, "another project's"],
    [
      "keys, so HAProxy routes",
      { variants: { main: variantSettingsForTest({ gpus: 1 }) } },
      "asks for 1 GPUs, and a node of the pool has 0",
    ],
    ["keys, so HAProxy routes", { staticContent: { ...files, prefix: "/" } }, "a path of their own"],
    ["keys, so HAProxy routes", { staticContent: { ...files, fingerprint: "A B" } }, "can't be a label"],
    ["a given certificate", { domain }, "Google's"],
    ["a domain", { domain: { ...domain, leaving: [domain.name] } }, "the one that stays"],
    ["a domain", { domain: { ...domain, name: `${"a".repeat(60)}.example` } }, "at most 64 characters"],
    ["a domain", { domain: { ...domain, name: "*.example.com" } }, "model.example.com"],
    ["layer 4", { domain }, "layer 7"],
    ["layer 4", { staticContent: files }, "layer 7"],
  ])("%s with %j", (name, change, message) => {
    expect(() => planOf(name, change)).toThrow(message);
  });

  test("an existing cluster may have the GPUs that a replica asks for", () => {
    const { spec, settings } = gkeForm(
      {},
      { cluster: existingClusterForTest, variants: { main: variantSettingsForTest({ gpus: 1 }) } },
    );
    expect(() => planGke(deploymentForTest, spec, settings)).not.toThrow();
  });
});
