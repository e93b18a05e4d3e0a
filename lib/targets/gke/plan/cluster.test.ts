import { describe, expect, test } from "vitest";
import { ownClusterForTest } from "#lib/targets/gke/forms-for-test.ts";
import { before, everyPlan, find, isGoogles, planOf } from "#lib/targets/gke/plan-for-test.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";
import { resourceKey } from "#lib/targets/plan.ts";

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

  test("is another one for other ports, so that the old one stays until nothing is behind it", () => {
    const names = ["two variants with rules", "keys, so HAProxy routes"].map((name) => firewallOf(name).name);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^sluice-dep-0123456789ab-ports-[0-9a-f]{8}$/);
  });

  test("goes by the pods' range where the cluster isn't ours, and no node is touched", () => {
    const inputs = firewallOf("an existing cluster");
    expect(inputs).toMatchObject({
      network: "projects/demo-proj/global/networks/default",
      destinationRanges: ["10.4.0.0/14"],
    });
    expect(inputs).not.toHaveProperty("targetTags");
    expect(firewallOf("an existing cluster with more ranges for pods").destinationRanges).toEqual([
      "10.4.0.0/14",
      "10.50.0.0/20",
      "10.60.0.0/20",
    ]);
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
