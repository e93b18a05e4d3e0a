import { afterEach, beforeEach, expect, test } from "vitest";
import { googleForTest, owner, project } from "#e2e/cloud/google/google-for-test.ts";
import {
  clusterBody,
  clusters,
  global,
  makeNetwork,
  must,
  refusal,
} from "#e2e/cloud/google/graph-for-test.ts";
import { manualClock } from "#e2e/cloud/google/model-clock.ts";
import type { ClusterRef } from "#e2e/cloud/google/model.ts";

const clock = manualClock();
const opened: ClusterRef[] = [];
const closed: ClusterRef[] = [];
let held: Awaited<ReturnType<typeof googleForTest>>;
beforeEach(async () => {
  opened.length = closed.length = 0;
  held = await googleForTest({
    clock,
    durations: { "container.projects.locations.clusters.setResourceLabels": 1000 },
    surroundings: {
      openCluster(cluster) {
        opened.push(cluster);
        return Promise.resolve({ endpoint: "127.0.0.1:6443", caCertificate: "a certificate" });
      },
      closeCluster: (cluster) => Promise.resolve(void closed.push(cluster)),
    },
  });
  await makeNetwork(held.ask);
});
afterEach(() => held.google.close());

const pools = `${clusters}/c/nodePools`;
const pool = (changed: object = {}, config: object = {}) => ({
  nodePool: {
    name: "main",
    initialNodeCount: 3,
    autoscaling: { enabled: true, totalMinNodeCount: 1, totalMaxNodeCount: 5 },
    config: { machineType: "n1-standard-1", ...config },
    ...changed,
  },
});
const gpu = { accelerators: [{ acceleratorCount: "1", acceleratorType: "nvidia-tesla-t4" }] };

test("a cluster comes with its pool and a control plane, and goes with both", async () => {
  const { ask, google } = held;
  await must(ask, "POST", clusters, clusterBody());
  const ref = { project, location: "us-central1-a", name: "c" };
  expect(opened).toEqual([ref]);
  const cluster = await must(ask, "GET", `${clusters}/c`);
  expect(cluster).toMatchObject({
    status: "RUNNING",
    endpoint: "127.0.0.1:6443",
    masterAuth: { clusterCaCertificate: Buffer.from("a certificate").toString("base64") },
    networkConfig: {
      network: `projects/${project}/global/networks/n`,
      subnetwork: `projects/${project}/regions/us-central1/subnetworks/s`,
    },
    ipAllocationPolicy: { clusterIpv4CidrBlock: "10.20.0.0/16" },
    nodePools: [
      {
        name: "default-pool",
        status: "RUNNING",
        networkConfig: { podRange: "pods", podIpv4CidrBlock: "10.20.0.0/16" },
      },
    ],
  });
  expect(cluster).not.toHaveProperty("initialNodeCount");
  await must(ask, "DELETE", `${pools}/default-pool`);
  await must(ask, "POST", pools, pool());
  const made = await must(ask, "GET", `${pools}/main`);
  expect(made).toMatchObject({
    status: "RUNNING",
    config: { machineType: "n1-standard-1", diskType: "pd-balanced" },
  });
  expect(google.quotas.list(project, "us-central1")).toContainEqual({ metric: "CPUS", limit: 24, usage: 3 });
  expect(await ask("DELETE", `${global}/networks/n`)).toMatchObject(
    refusal(400, "resourceInUseByAnotherResource", /networks\/n/),
  );
  await must(ask, "DELETE", `${clusters}/c`);
  expect(closed).toEqual([ref]);
  expect(await ask("GET", `${clusters}/c`)).toMatchObject(
    refusal(404, "notFound", /Not found: .*clusters\/c/),
  );
  expect(google.store.all().filter(({ key }) => /clusters|instance/.test(key))).toEqual([]);
  expect(google.quotas.list(project, "us-central1")).toContainEqual({ metric: "CPUS", limit: 24, usage: 0 });
});

test("while a cluster is worked on, nothing else can be done to it", async () => {
  const { ask } = held;
  await must(ask, "POST", clusters, clusterBody());
  const { labelFingerprint } = await must(ask, "GET", `${clusters}/c`);
  const { name } = await must(ask, "POST", `${clusters}/c:setResourceLabels`, {
    resourceLabels: { a: "b" },
    labelFingerprint,
  });
  expect(await ask("POST", pools, pool())).toMatchObject(
    refusal(400, "failedPrecondition", new RegExp(`incompatible operation ${String(name)}`)),
  );
  const operation = `/container/v1beta1/projects/${project}/locations/us-central1-a/operations/${String(name)}`;
  expect(await must(ask, "GET", operation)).toMatchObject({
    status: "PENDING",
    operationType: "UPDATE_CLUSTER",
  });
  clock.advance(1000);
  expect(await must(ask, "GET", operation)).toMatchObject({ status: "DONE" });
  expect(await must(ask, "GET", `${clusters}/c`)).toMatchObject({ resourceLabels: { a: "b" } });
  expect(await ask("POST", clusters, clusterBody())).toMatchObject(
    refusal(409, "alreadyExists", /Already exists/),
  );
});

test("a pool's machines are seen, with the managers that it names", async () => {
  const { ask, google } = held;
  google.quotas.set(project, "us-central1", "NVIDIA_T4_GPUS", 8);
  google.quotas.set(project, null, "GPUS_ALL_REGIONS", 8);
  await must(ask, "POST", clusters, clusterBody());
  await must(ask, "POST", pools, pool({}, gpu));
  const { instanceGroupUrls } = await must(ask, "GET", `${pools}/main`);
  const [url = ""] = instanceGroupUrls as string[];
  expect(await must(ask, "GET", url.slice(google.url.length))).toMatchObject({ targetSize: 3 });
  const { items } = await must(ask, "GET", `/compute/beta/projects/${project}/aggregated/instances`);
  expect(items).toMatchObject({ "zones/us-central1-a": { instances: [{}, {}, {}, {}] } });
  const quotas = google.quotas.list(project, "us-central1");
  expect(quotas).toContainEqual({ metric: "NVIDIA_T4_GPUS", limit: 8, usage: 3 });
  expect(quotas).toContainEqual({ metric: "SSD_TOTAL_GB", limit: 1000, usage: 400 });
  expect(quotas).toContainEqual({ metric: "IN_USE_ADDRESSES", limit: 23, usage: 4 });
});

test("a pool may have another of the subnetwork's ranges for its pods", async () => {
  const { ask } = held;
  await must(ask, "POST", clusters, clusterBody());
  await must(ask, "POST", pools, pool({ networkConfig: { podRange: "services" } }));
  expect(await must(ask, "GET", `${pools}/main`)).toMatchObject({
    networkConfig: { podRange: "services", podIpv4CidrBlock: "10.30.0.0/20" },
  });
});

test("a pool that Google can't start ends in ERROR with Google's message, and can be deleted", async () => {
  const { ask, google } = held;
  await must(ask, "POST", clusters, clusterBody());
  const message =
    "Google Compute Engine: Not all instances running in IGM after 35.1s. Expected 3, running 0. Last error: [ZONE_RESOURCE_POOL_EXHAUSTED]";
  google.faults.pool("main", message);
  const { body: started } = await ask("POST", pools, pool());
  expect(started).toMatchObject({ status: "DONE", statusMessage: message, error: { message } });
  expect(await must(ask, "GET", `${pools}/main`)).toMatchObject({ status: "ERROR", statusMessage: message });
  google.faults.mendPool("main");
  await must(ask, "DELETE", `${pools}/main`);
  await must(ask, "POST", pools, pool());
});

test("too few CPUs are refused at once, too few GPUs when the machines start", async () => {
  const { ask, google } = held;
  await must(ask, "POST", clusters, clusterBody());
  google.quotas.set(project, "us-central1", "CPUS", 4);
  expect(await ask("POST", pools, pool())).toMatchObject(
    refusal(
      403,
      "forbidden",
      /resource "CPUS": request requires '3.0' and is short '1.0'. project has a quota of '4.0' with '2.0' available/,
    ),
  );
  google.quotas.set(project, "us-central1", "CPUS", 24);
  const { body } = await ask("POST", pools, pool({}, gpu));
  expect(body).toMatchObject({
    error: { message: "Quota 'NVIDIA_T4_GPUS' exceeded.  Limit: 1.0 in region us-central1." },
  });
  expect(await must(ask, "GET", `${pools}/main`)).toMatchObject({ status: "ERROR" });
});

test("a pool is changed in place", async () => {
  const { ask, google } = held;
  await must(ask, "POST", clusters, clusterBody());
  await must(ask, "POST", pools, pool());
  await must(ask, "PUT", `${pools}/main`, {
    machineType: "n1-standard-4",
    labels: { labels: { a: "b" } },
    upgradeSettings: { maxSurge: 2 },
  });
  expect(await must(ask, "GET", `${pools}/main`)).toMatchObject({
    config: { machineType: "n1-standard-4", labels: { a: "b" } },
    upgradeSettings: { maxSurge: 2 },
  });
  expect(google.quotas.list(project, "us-central1")).toContainEqual({ metric: "CPUS", limit: 24, usage: 14 });
  await must(ask, "POST", `${pools}/main:setAutoscaling`, {
    autoscaling: { enabled: true, totalMinNodeCount: 2, totalMaxNodeCount: 9 },
  });
  await must(ask, "POST", `${pools}/main:setSize`, { nodeCount: 5 });
  expect(await must(ask, "GET", pools)).toMatchObject({
    nodePools: [
      { name: "default-pool" },
      { name: "main", initialNodeCount: 5, autoscaling: { totalMaxNodeCount: 9 } },
    ],
  });
  expect(
    await ask("PUT", `${clusters}/c`, { update: { desiredDatapathProvider: "ADVANCED_DATAPATH" } }),
  ).toMatchObject({ status: 501 });
});

test.each([
  ["a name that is too long", { name: "c".repeat(41) }, /1-40 characters/],
  [
    "a range that the subnetwork doesn't have",
    { ipAllocationPolicy: { clusterSecondaryRangeName: "other" } },
    /range "other" does not exist/,
  ],
  ["no nodes", { initialNodeCount: 0 }, /greater than zero/],
  ["nodes given twice", { nodePools: [pool().nodePool] }, /Cannot specify both/],
  [
    "workloads of another project",
    { workloadIdentityConfig: { workloadPool: "other.svc.id.goog" } },
    /Workload pool must be/,
  ],
  ["a zone that there is none of", { locations: ["mars-central1-a"] }, /"mars-central1-a" does not exist/],
])("refuses a cluster with %s", async (_what, changed, message) => {
  expect(await held.ask("POST", clusters, clusterBody(changed))).toMatchObject(
    refusal(400, "badRequest", message),
  );
  expect(opened).toEqual([]);
});

test.each([
  [
    "a machine that there is none of",
    pool({}, { machineType: "n9-huge" }),
    /Machine type with name "n9-huge" does not exist/,
  ],
  [
    "a GPU that the zone doesn't have",
    pool({ locations: ["europe-north1-a"] }, gpu),
    /does not exist in zone europe-north1-a/,
  ],
  [
    "more GPUs than a machine holds",
    pool({}, { accelerators: [{ acceleratorCount: "9", acceleratorType: "nvidia-tesla-t4" }] }),
    /1 to 4 are/,
  ],
  ["a GPU that the machine can't carry", pool({}, { ...gpu, machineType: "e2-standard-2" }), /incompatible/],
  [
    "bounds the wrong way round",
    pool({ autoscaling: { enabled: true, totalMinNodeCount: 5, totalMaxNodeCount: 2 } }),
    /not 5 and 2/,
  ],
  [
    "bounds of two kinds",
    pool({ autoscaling: { enabled: true, maxNodeCount: 5, totalMaxNodeCount: 5 } }),
    /not both/,
  ],
  [
    "a range for pods that the subnetwork doesn't have",
    pool({ networkConfig: { podRange: "other" } }),
    /range "other" does not exist/,
  ],
  [
    "an account that there is none of",
    pool({}, { serviceAccount: "nodes@demo-proj.iam.gserviceaccount.com" }),
    /does not exist/,
  ],
])("refuses a pool with %s", async (_what, body, message) => {
  await must(held.ask, "POST", clusters, clusterBody());
  expect(await held.ask("POST", pools, body)).toMatchObject(refusal(400, "badRequest", message));
});

test("a pool runs as an account that the asker may act as", async () => {
  const { ask, google } = held;
  const serviceAccount = "nodes@demo-proj.iam.gserviceaccount.com";
  google.addServiceAccount(project, serviceAccount);
  await must(ask, "POST", clusters, clusterBody());
  google.permissions.deny(owner, "iam.serviceAccounts.actAs");
  expect(await ask("POST", pools, pool({}, { serviceAccount }))).toMatchObject(
    refusal(400, "badRequest", /iam.serviceAccountUser/),
  );
  google.permissions.restore(owner);
  await must(ask, "POST", pools, pool({}, { serviceAccount }));
});
