import { describe, expect, test } from "vitest";
import {
  deploymentForTest,
  existingClusterForTest,
  gkeForm,
  gkeForms,
  ownClusterForTest,
} from "#lib/targets/gke/forms-for-test.ts";
import { deploymentOf } from "#lib/targets/gke/mark.ts";
import { planGke } from "#lib/targets/gke/plan.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";
import { gkeTypes, type GkeType } from "#lib/targets/gke/types.ts";
import { variantSettingsForTest } from "#lib/targets/kubernetes/settings-for-test.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

const planOf = (name: string, change: Partial<GkeSettings> = {}) => {
  const { spec, settings } = gkeForms[name]!;
  return planGke(deploymentForTest, spec, { ...settings, ...change });
};
const find = (plan: PlannedResource[], type: string, name?: string) =>
  plan.find((one) => one.type === type && (name === undefined || one.name === name))!;
const all = (plan: PlannedResource[], type: GkeType) => plan.filter((one) => one.type === type);
const isGoogles = ({ type }: PlannedResource) => type.startsWith("gcp:");
const namesOf = (plan: PlannedResource[]) =>
  plan.filter(isGoogles).map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
const everyPlan = Object.keys(gkeForms).map((name) => [name, planOf(name)] as const);

/** All that comes before one, whether it says so itself or something between them does. */
function before(plan: PlannedResource[], of: PlannedResource): Set<string> {
  const found = new Set<string>();
  const follow = (one: PlannedResource) => {
    for (const key of one.dependsOn) {
      if (found.has(key)) continue;
      found.add(key);
      follow(plan.find((other) => resourceKey(other) === key)!);
    }
  };
  follow(of);
  return found;
}

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
    for (const certificate of all(plan, gkeTypes.certificate))
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

describe("the cluster", () => {
  test("is VPC-native in its own network, on a release channel, with workload identity, and may be deleted", () => {
    const { inputs } = find(planOf("keys, so HAProxy routes"), gkeTypes.cluster);
    expect(inputs).toMatchObject({
      location: "us-central1-a",
      networkingMode: "VPC_NATIVE",
      ipAllocationPolicy: { clusterSecondaryRangeName: "pods", servicesSecondaryRangeName: "services" },
      network: "projects/demo-proj/global/networks/sluice-dep-0123456789ab",
      subnetwork: "projects/demo-proj/regions/us-central1/subnetworks/sluice-dep-0123456789ab",
      releaseChannel: { channel: "REGULAR" },
      workloadIdentityConfig: { workloadPool: "demo-proj.svc.id.goog" },
      removeDefaultNodePool: true,
      initialNodeCount: 1,
      deletionProtection: false,
    });
    expect(inputs).not.toHaveProperty("nodeConfig");
    expect(inputs).not.toHaveProperty("nodeLocations");
  });

  test("of a region has its nodes in the named zones, of a zone in the others too", () => {
    const locations = (name: string) => {
      const plan = planOf(name);
      const pool = find(plan, gkeTypes.nodePool).inputs;
      return [find(plan, gkeTypes.cluster).inputs.nodeLocations, pool.nodeLocations, pool.initialNodeCount];
    };
    const [a, b, c, f] = ["us-central1-a", "us-central1-b", "us-central1-c", "us-central1-f"];
    expect(locations("a region's cluster")).toEqual([[a, b, c], [a, b, c], 1]);
    expect(locations("a zone's cluster with nodes in two")).toEqual([[f], [a, f], 2]);
  });

  test("in a chosen network has the ranges that were chosen there", () => {
    expect(find(planOf("a chosen network"), gkeTypes.cluster).inputs).toMatchObject({
      network: "projects/demo-proj/global/networks/lab",
      ipAllocationPolicy: {
        clusterSecondaryRangeName: "lab-pods",
        servicesSecondaryRangeName: "lab-services",
      },
    });
    expect(find(planOf("a chosen network"), gkeTypes.firewall).inputs.network).toBe(
      "projects/demo-proj/global/networks/lab",
    );
  });
});

describe("the pool", () => {
  const poolOf = (name: string) => find(planOf(name), gkeTypes.nodePool).inputs;

  test("has total bounds, and acts as the target's account", () => {
    expect(poolOf("spot nodes that scale")).toMatchObject({
      cluster: "sluice-dep-0123456789ab",
      autoscaling: { totalMinNodeCount: 1, totalMaxNodeCount: 6 },
      nodeConfig: {
        machineType: "n1-standard-1",
        spot: true,
        serviceAccount: "nodes@demo-proj.iam.gserviceaccount.com",
        oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
        tags: ["sluice-dep-0123456789ab"],
      },
    });
  });

  test("with GPUs has their driver installed", () => {
    expect(poolOf("a GPU").nodeConfig).toMatchObject({
      guestAccelerators: [
        {
          type: "nvidia-tesla-t4",
          count: 1,
          gpuDriverInstallationConfig: { gpuDriverVersion: "DEFAULT" },
        },
      ],
    });
    expect(poolOf("keys, so HAProxy routes").nodeConfig).not.toHaveProperty("guestAccelerators");
  });

  test("has another name for what replaces it, and keeps its name for what doesn't", () => {
    const named = (change: Partial<typeof ownClusterForTest>) =>
      find(
        planOf("keys, so HAProxy routes", { cluster: { ...ownClusterForTest, ...change } }),
        gkeTypes.nodePool,
      ).inputs.name;
    const plain = named({});
    expect(named({ maxNodes: 9 })).toBe(plain);
    expect(named({ minNodes: 1 })).toBe(plain);
    const gpu = { type: "nvidia-tesla-t4", count: 1 };
    const others = [named({ machineType: "e2-standard-2" }), named({ spot: true }), named({ gpu })];
    expect(new Set([plain, ...others]).size).toBe(4);
  });
});

describe("the firewall", () => {
  const firewallOf = (name: string) => find(planOf(name), gkeTypes.firewall).inputs;

  test("lets Google's ranges in to the pods' ports: the models', or HAProxy's and its state's", () => {
    expect(firewallOf("two variants with rules")).toMatchObject({
      sourceRanges: ["130.211.0.0/22", "35.191.0.0/16"],
      allows: [{ protocol: "tcp", ports: ["8080", "8081"] }],
      targetTags: ["sluice-dep-0123456789ab"],
    });
    expect(firewallOf("keys, so HAProxy routes").allows).toEqual([
      { protocol: "tcp", ports: ["8080", "8404"] },
    ]);
  });

  test("goes by the pods' range where the cluster isn't ours, and no node is touched", () => {
    const inputs = firewallOf("an existing cluster");
    expect(inputs).toMatchObject({
      network: "projects/demo-proj/global/networks/default",
      destinationRanges: ["10.4.0.0/14"],
    });
    expect(inputs).not.toHaveProperty("targetTags");
  });
});

describe("in the cluster", () => {
  test("all comes after the nodes and the firewall, and goes before them", () => {
    for (const [, plan] of everyPlan) {
      const first = plan.filter(({ type }) => type === gkeTypes.nodePool || type === gkeTypes.firewall);
      for (const one of plan.filter((resource) => !isGoogles(resource)))
        for (const needed of first) expect(before(plan, one)).toContain(resourceKey(needed));
    }
  });

  test("a Service makes a group of pods' addresses, whose name its backend service has, in each zone", () => {
    const plan = planOf("a region's cluster");
    const service = find(plan, kubernetesTypes.service, "endpoint").inputs;
    const { annotations } = service.metadata as { annotations: Record<string, string> };
    expect(JSON.parse(annotations["cloud.google.com/neg"]!)).toEqual({
      exposed_ports: { "80": { name: "sluice-dep-0123456789ab-proxy" } },
    });
    expect(service.spec).toMatchObject({
      type: "ClusterIP",
      selector: { "sluice/role": "proxy" },
      ports: [{ port: 80, targetPort: "http" }],
    });
    const { backends } = find(plan, gkeTypes.backendService).inputs as { backends: { group: string }[] };
    expect(backends.map(({ group }) => group)).toEqual(
      ["a", "b", "c"].map(
        (zone) =>
          `https://www.googleapis.com/compute/v1/projects/demo-proj/zones/us-central1-${zone}/networkEndpointGroups/sluice-dep-0123456789ab-proxy`,
      ),
    );
  });

  test("each variant has a Service of its own where Google routes, and there is no HAProxy", () => {
    const plan = planOf("two variants with rules");
    expect(find(plan, kubernetesTypes.service, "backend-canary").inputs.spec).toMatchObject({
      selector: { "sluice/role": "model", "sluice/variant": "canary" },
    });
    expect(plan.some(({ name, type }) => name === "proxy" && !type.startsWith("gcp:"))).toBe(false);
  });
});

describe("a backend service", () => {
  const backendOf = (name: string, of = "variant-main") => find(planOf(name), gkeTypes.backendService, of);

  test("comes after the firewall, its health check, its pods and the Service of their addresses", () => {
    const plan = planOf("two variants with rules");
    const needed = before(plan, find(plan, gkeTypes.backendService, "variant-canary"));
    for (const key of [
      `${gkeTypes.firewall}::firewall`,
      `${gkeTypes.healthCheck}::variant-canary`,
      `${kubernetesTypes.service}::backend-canary`,
      `${kubernetesTypes.deployment}::model-canary`,
    ])
      expect(needed).toContain(key);
    expect(needed).not.toContain(`${kubernetesTypes.deployment}::model-main`);
  });

  test("takes long streams, spreads by rate, and logs as many requests as was chosen", () => {
    expect(backendOf("two variants with rules").inputs).toMatchObject({
      loadBalancingScheme: "EXTERNAL_MANAGED",
      protocol: "HTTP",
      timeoutSec: 600,
      backends: [{ balancingMode: "RATE", maxRatePerEndpoint: 100, capacityScaler: 1 }],
      healthChecks: "projects/demo-proj/global/healthChecks/sluice-dep-0123456789ab-variant-main",
      logConfig: { enable: true, sampleRate: 1 },
    });
    expect(backendOf("no request log", "proxy").inputs.logConfig).toEqual({ enable: false });
  });

  test.each([
    ["open to all, so Google routes", "NONE", "LEAST_REQUEST"],
    ["two variants with rules", "NONE", "RANDOM"],
    ["affinity by cookie", "GENERATED_COOKIE", "MAGLEV"],
    ["affinity by address", "CLIENT_IP", "MAGLEV"],
  ])("picks a pod: %s", (name, sessionAffinity, localityLbPolicy) => {
    expect(backendOf(name).inputs).toMatchObject({ sessionAffinity, localityLbPolicy });
  });

  test("sees a model by its own path at the port that serves, HAProxy at the port of its state", () => {
    const checkOf = (form: string, name: string) =>
      find(planOf(form), gkeTypes.healthCheck, name).inputs.httpHealthCheck;
    expect(checkOf("two variants with rules", "variant-canary")).toEqual({
      portSpecification: "USE_SERVING_PORT",
      requestPath: "/ready",
    });
    expect(checkOf("keys, so HAProxy routes", "proxy")).toEqual({
      portSpecification: "USE_FIXED_PORT",
      port: 8404,
      requestPath: "/healthz",
    });
  });
});

describe("the endpoint", () => {
  const rulesOf = (plan: PlannedResource[]) =>
    all(plan, gkeTypes.forwardingRule).map(({ inputs }) => [inputs.portRange, inputs.target]);

  test("is port 80 of the reserved address", () => {
    const plan = planOf("keys, so HAProxy routes");
    expect(rulesOf(plan)).toEqual([
      ["80", "projects/demo-proj/global/targetHttpProxies/sluice-dep-0123456789ab-http"],
    ]);
    expect(find(plan, gkeTypes.forwardingRule).inputs).toMatchObject({
      ipAddress: "projects/demo-proj/global/addresses/sluice-dep-0123456789ab",
      loadBalancingScheme: "EXTERNAL_MANAGED",
    });
    expect(plan[0]!.type).toBe(gkeTypes.globalAddress);
  });

  test.each(["a given certificate", "a self-signed certificate", "a domain"])(
    "is port 443 too, and 80 redirects: %s",
    (name) => {
      const plan = planOf(name);
      expect(rulesOf(plan)).toEqual([
        ["80", "projects/demo-proj/global/targetHttpProxies/sluice-dep-0123456789ab-http"],
        ["443", "projects/demo-proj/global/targetHttpsProxies/sluice-dep-0123456789ab-https"],
      ]);
      const maps = [gkeTypes.httpProxy, gkeTypes.httpsProxy].map((type) => find(plan, type).inputs.urlMap);
      expect(maps).toEqual([
        "projects/demo-proj/global/urlMaps/sluice-dep-0123456789ab-redirect",
        "projects/demo-proj/global/urlMaps/sluice-dep-0123456789ab",
      ]);
      expect(find(plan, gkeTypes.urlMap, "redirect").inputs.defaultUrlRedirect).toMatchObject({
        httpsRedirect: true,
        redirectResponseCode: "PERMANENT_REDIRECT",
      });
    },
  );

  test("of another domain has both certificates, under their own names, until the old one is no longer said", () => {
    const namesIn = (plan: PlannedResource[]) =>
      all(plan, gkeTypes.managedCertificate).map(({ name, inputs }) => [name, inputs.name, inputs.managed]);
    const [old] = namesIn(planOf("a domain"));
    const both = namesIn(planOf("another domain"));
    expect(both[1]).toEqual(old);
    expect(both[0]![2]).toEqual({ domains: ["new.example.com"] });
    expect(find(planOf("another domain"), gkeTypes.httpsProxy).inputs.sslCertificates).toEqual(
      both.map(([, name]) => `projects/demo-proj/global/sslCertificates/${String(name)}`),
    );
  });

  test("with another certificate or key has another name for it", () => {
    const { spec, settings } = gkeForms["a given certificate"]!;
    const named = (change: object) =>
      find(
        planGke(
          deploymentForTest,
          {
            ...spec,
            endpoint: {
              ...spec.endpoint,
              tls: { ...spec.endpoint.tls, ...change } as typeof spec.endpoint.tls,
            },
          },
          settings,
        ),
        gkeTypes.certificate,
      ).inputs.name;
    expect(new Set([named({}), named({ keyId: "sec-z" }), named({ certificate: "other" })]).size).toBe(3);
  });

  test("gives static files from a bucket of their own that all may read, before what routes", () => {
    const plan = planOf("static content beside open variants");
    const bucket = find(plan, gkeTypes.bucket).inputs;
    expect(bucket).toMatchObject({ labels: { "sluice-content": "0f0f0f0f" }, forceDestroy: true });
    expect(find(plan, gkeTypes.bucketReader).inputs).toEqual({
      bucket: bucket.name,
      role: "roles/storage.objectViewer",
      member: "allUsers",
    });
    expect(find(plan, gkeTypes.backendBucket).inputs.bucketName).toBe(bucket.name);
    const { pathMatchers } = find(plan, gkeTypes.urlMap).inputs as {
      pathMatchers: { routeRules: object[] }[];
    };
    expect(pathMatchers[0]!.routeRules[0]).toMatchObject({
      priority: 1,
      service: "projects/demo-proj/global/backendBuckets/sluice-dep-0123456789ab",
    });
  });

  test("of layer 4 is a Service on a reserved address of the region, and nothing of layer 7", () => {
    const plan = planOf("layer 4");
    expect(find(plan, gkeTypes.address).inputs).toMatchObject({
      region: "us-central1",
      addressType: "EXTERNAL",
    });
    const service = plan.at(-1)!;
    expect(service.inputs).toMatchObject({
      metadata: {
        annotations: {
          "cloud.google.com/l4-rbs": "enabled",
          "networking.gke.io/load-balancer-ip-addresses": "sluice-dep-0123456789ab",
        },
      },
      spec: { type: "LoadBalancer", externalTrafficPolicy: "Local" },
    });
    expect(service.dependsOn).toContain(`${gkeTypes.address}::address`);
    expect(
      find(planOf("layer 4 by address, existing cluster"), kubernetesTypes.service, "endpoint").inputs.spec,
    ).toMatchObject({ sessionAffinity: "ClientIP" });
  });
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
