import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { cloudBench, keepGroups, left } from "#e2e/cloud/stand-in/bench-for-test.ts";
import { watch } from "#e2e/stand-in/watch.ts";
import { project } from "#e2e/cloud/google/google-for-test.ts";
import { globalLink, regionalLink } from "#lib/targets/gke/links.ts";
import { gkeTypes, type GkeType } from "#lib/targets/gke/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

// The vendor's plugin was seen to ask this of Google's APIs (e2e/cloud/google/recorded-calls.txt). The same program with
// the stand-in asks the same.

vi.setConfig({ testTimeout: 120_000 });

const recorded = readFileSync(path.join(import.meta.dirname, "../google/recorded-calls.txt"), "utf8");

type Call = { method: string; path: string; body: unknown };

test("asks what the vendor's plugin was seen to ask, with the same bodies", async () => {
  const bench = await cloudBench();
  onTestFinished(() => bench.close());
  const plan = graph();
  keepGroups(bench.google, plan);
  const stack = await bench.stack({ args: { addPulumiAttributionLabel: true } });
  await stack.up(plan, watch().run);
  const second = watch();
  await stack.up(plan, { ...second.run, looksFirst: true });
  expect(new Set(Object.values(second.changes()))).toEqual(new Set(["same"]));
  await stack.destroy(watch().run);
  expect(left(bench.google)).toEqual([]);

  const asked = bench.google
    .requests()
    .map(({ method, path: url, body }) => toCall(method, url, body.replaceAll(bench.google.url, "{url}")));
  const expected = recorded
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [method = "", url = "", ...rest] = line.split(" ");
      return toCall(method, url, rest.join(" "));
    });
  const writes = (calls: Call[]) => calls.filter(({ method }) => method !== "GET").sort(byText);
  expect(writes(asked)).toEqual(writes(expected));
  const reads = (calls: Call[]) =>
    [...new Set(calls.filter(({ method }) => method === "GET").map((call) => call.path))].sort();
  expect(reads(asked)).toEqual(reads(expected));
});

/** Without what is another one each time: fingerprints, and what the address was. */
function toCall(method: string, url: string, body: string): Call {
  const known = body
    .replace(/"labelFingerprint":"[^"]*"/, '"labelFingerprint":""')
    .replace(/"IPAddress":"[^"]*"/, '"IPAddress":""');
  const [pathOnly = ""] = url.split("?");
  return { method, path: pathOnly, body: known === "" ? null : (JSON.parse(known) as unknown) };
}

const byText = (one: Call, other: Call) => (text(one) < text(other) ? -1 : 1);
const text = (call: Call) => `${call.method} ${call.path} ${JSON.stringify(call.body)}`;

/** The program whose calls were recorded. */
function graph(): PlannedResource[] {
  const made: PlannedResource[] = [];
  const add = (type: GkeType, name: string, inputs: object) => {
    const one = { type, name, summary: "", inputs: { project, ...inputs }, dependsOn: made.map(resourceKey) };
    made.push(type === gkeTypes.bucket ? { ...one, inputs: { ...inputs, project } } : one);
  };
  const link = (kind: string, name = "slu-x") => globalLink(project, kind, name);
  const backend = (name: string, more: object) => ({
    name,
    loadBalancingScheme: "EXTERNAL_MANAGED",
    protocol: "HTTP",
    healthChecks: link("healthChecks"),
    backends: [
      {
        group: `projects/${project}/zones/us-central1-a/networkEndpointGroups/slu-x`,
        balancingMode: "RATE",
        maxRatePerEndpoint: 100,
        capacityScaler: 1,
      },
    ],
    ...more,
  });
  const rule = (scheme: "http" | "https", port: string, target: string) => ({
    name: `slu-x-${scheme}`,
    ipAddress: link("addresses"),
    loadBalancingScheme: "EXTERNAL_MANAGED",
    portRange: port,
    target: link(target),
  });
  add(gkeTypes.globalAddress, "address", { name: "slu-x" });
  add(gkeTypes.healthCheck, "check", {
    name: "slu-x",
    httpHealthCheck: { portSpecification: "USE_SERVING_PORT", requestPath: "/healthz" },
  });
  add(gkeTypes.managedCertificate, "certificate", {
    name: "slu-x-d1",
    managed: { domains: ["model.example.com"] },
  });
  add(gkeTypes.network, "network", { name: "slu-x", autoCreateSubnetworks: false });
  add(gkeTypes.bucket, "static", {
    name: "slu-x-static",
    location: "US",
    uniformBucketLevelAccess: true,
    forceDestroy: true,
  });
  add(gkeTypes.subnetwork, "subnet", {
    name: "slu-x",
    network: link("networks"),
    region: "us-central1",
    ipCidrRange: "10.10.0.0/20",
    privateIpGoogleAccess: true,
    secondaryIpRanges: [
      { rangeName: "pods", ipCidrRange: "10.20.0.0/16" },
      { rangeName: "services", ipCidrRange: "10.30.0.0/20" },
    ],
  });
  add(gkeTypes.backendBucket, "static", { name: "slu-x", bucketName: "slu-x-static", enableCdn: true });
  add(gkeTypes.backendService, "canary", backend("slu-x-canary", {}));
  add(gkeTypes.firewall, "firewall", {
    name: "slu-x",
    network: link("networks"),
    sourceRanges: ["130.211.0.0/22", "35.191.0.0/16"],
    allows: [{ protocol: "tcp", ports: ["8080"] }],
    targetTags: ["slu-x"],
  });
  add(gkeTypes.cluster, "cluster", {
    name: "slu-x",
    location: "us-central1-a",
    network: link("networks"),
    subnetwork: regionalLink(project, "us-central1", "subnetworks", "slu-x"),
    ipAllocationPolicy: { clusterSecondaryRangeName: "pods", servicesSecondaryRangeName: "services" },
    releaseChannel: { channel: "REGULAR" },
    workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
    removeDefaultNodePool: true,
    initialNodeCount: 1,
    deletionProtection: false,
    resourceLabels: { sluice: "x" },
  });
  add(gkeTypes.nodePool, "main", {
    name: "main",
    cluster: "slu-x",
    location: "us-central1-a",
    initialNodeCount: 3,
    autoscaling: { minNodeCount: 1, maxNodeCount: 5 },
    nodeConfig: {
      machineType: "n1-standard-1",
      oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
      spot: true,
      labels: { sluice: "x" },
      tags: ["slu-x"],
    },
  });
  add(
    gkeTypes.backendService,
    "main",
    backend("slu-x", {
      timeoutSec: 300,
      sessionAffinity: "GENERATED_COOKIE",
      logConfig: { enable: true, sampleRate: 1 },
    }),
  );
  const canary = link("backendServices", "slu-x-canary");
  add(gkeTypes.urlMap, "routes", {
    name: "slu-x",
    defaultService: link("backendServices"),
    hostRules: [{ hosts: ["*"], pathMatcher: "main" }],
    pathMatchers: [
      {
        name: "main",
        defaultService: link("backendServices"),
        routeRules: [
          { priority: 1, matchRules: [{ prefixMatch: "/static/" }], service: link("backendBuckets") },
          {
            priority: 2,
            matchRules: [
              { prefixMatch: "/", headerMatches: [{ headerName: "x-variant", exactMatch: "canary" }] },
            ],
            service: canary,
          },
          {
            priority: 3,
            matchRules: [{ prefixMatch: "/" }],
            routeAction: {
              weightedBackendServices: [
                { backendService: link("backendServices"), weight: 90 },
                { backendService: canary, weight: 10 },
              ],
            },
          },
        ],
      },
    ],
  });
  add(gkeTypes.httpProxy, "http", { name: "slu-x", urlMap: link("urlMaps") });
  add(gkeTypes.httpsProxy, "https", {
    name: "slu-x",
    urlMap: link("urlMaps"),
    sslCertificates: [link("sslCertificates", "slu-x-d1")],
  });
  add(gkeTypes.forwardingRule, "http", rule("http", "80", "targetHttpProxies"));
  add(gkeTypes.forwardingRule, "https", rule("https", "443", "targetHttpsProxies"));
  return made;
}
