import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { apiForTest } from "#e2e/cloud/api-for-test.ts";
import {
  clusterBody,
  clusters,
  global,
  makeNetwork,
  must,
  region,
} from "#e2e/cloud/google/graph-for-test.ts";
import { owner, project } from "#e2e/cloud/google/google-for-test.ts";
import { EngineError } from "#infra/engine/driver.ts";
import type { Reach } from "#infra/google/reach-cluster.ts";
import { gkePreflight, type Preflight } from "#infra/targets/gke/preflight.ts";
import { deploymentForTest, existingClusterForTest, gkeForms } from "#lib/targets/gke/forms-for-test.ts";
import { descriptionOf, labelsOf } from "#lib/targets/gke/mark.ts";
import { mainName, staticBucketName } from "#lib/targets/gke/names.ts";
import { planOf } from "#lib/targets/gke/plan-for-test.ts";
import type { ChosenNetwork, GkeSettings, OwnCluster } from "#lib/targets/gke/settings.ts";

let held: Awaited<ReturnType<typeof apiForTest>>;
/** How many requests made what is there before. */
let requestsBefore = 0;
beforeAll(async () => {
  held = await apiForTest();
  held.google.addServiceAccount(project, "nodes@demo-proj.iam.gserviceaccount.com");
  await must(held.ask, "POST", `${global}/networks`, { name: "lab", autoCreateSubnetworks: false });
  await must(
    held.ask,
    "POST",
    `${region}/subnetworks`,
    subnetwork("lab", "lab", ["lab-pods", "lab-services"]),
  );
  requestsBefore = held.google.requests().length;
});
afterAll(() => held.google.close());
afterEach(() => {
  held.google.faults.clear();
  held.google.permissions.restore(owner);
});

/** With secondary ranges of these names, one after the other from 10.20.0.0. */
const subnetwork = (named: string, network: string, rangeNames: string[]) => ({
  name: named,
  network: `projects/${project}/global/networks/${network}`,
  ipCidrRange: "10.10.0.0/20",
  secondaryIpRanges: rangeNames.map((rangeName, at) => ({ rangeName, ipCidrRange: `10.${20 + at}.0.0/16` })),
});

const usual = "keys, so HAProxy routes";
const name = mainName(deploymentForTest);
const { signal } = new AbortController();

/** What a preflight says: its code and its sentence; "fine" if it lets through. */
async function preflight(form = usual, change: Partial<GkeSettings> = {}, more: Partial<Preflight> = {}) {
  const settings = { ...gkeForms[form]!.settings, ...change };
  const given = {
    deploymentId: deploymentForTest,
    plan: planOf(form, change),
    settings,
    before: null,
    ...more,
  };
  try {
    await gkePreflight(held.api, given, signal);
    return "fine";
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

const own = (change: Partial<OwnCluster>): Partial<GkeSettings> => {
  const { cluster } = gkeForms[usual]!.settings;
  return { cluster: { ...(cluster as OwnCluster), ...change } };
};

test.each(Object.keys(gkeForms).filter((form) => !/existing|another domain/.test(form)))(
  "%s can be made in a fresh project",
  async (form) => {
    held.google.quotas.set(project, "us-central1", "NVIDIA_T4_GPUS", 3);
    held.google.quotas.set(project, null, "GPUS_ALL_REGIONS", 3);
    expect(await preflight(form)).toBe("fine");
  },
);

test("it changes nothing", () => {
  const changing = held.google
    .requests()
    .slice(requestsBefore)
    .filter(({ method, path }) => method !== "GET" && !path.endsWith(":testIamPermissions"));
  expect(changing).toEqual([]);
});

test("what is ours by name and mark is no trouble, and isn't counted again", async () => {
  const { ask, google } = held;
  await must(ask, "POST", `${global}/networks`, {
    name,
    autoCreateSubnetworks: false,
    description: descriptionOf(deploymentForTest),
  });
  google.quotas.set(project, null, "NETWORKS", 1);
  expect(await preflight()).toBe("fine");
  google.quotas.set(project, null, "NETWORKS", 15);
  await must(ask, "DELETE", `${global}/networks/${name}`);
});

test("a name that something has which isn't ours is told, and what it is", async () => {
  const { ask } = held;
  await must(ask, "POST", `${global}/networks`, { name, autoCreateSubnetworks: false });
  await must(ask, "POST", `${global}/addresses`, { name, description: descriptionOf("dep-ffffffffffff") });
  expect(await preflight()).toMatch(
    /^name_taken: There are already in the project: GlobalAddress sluice-dep-0123456789ab, Network sluice-dep-0123456789ab, which don't/,
  );
  // What the engine made itself isn't looked at again.
  const before = planOf(usual);
  expect(await preflight(usual, {}, { before })).toBe("fine");
  await must(ask, "DELETE", `${global}/networks/${name}`);
  await must(ask, "DELETE", `${global}/addresses/${name}`);
});

test("a bucket of somebody else in the world is a taken name too", async () => {
  const { google } = held;
  google.addProject({ id: "other-proj", number: "2", owner: "other@other-proj.iam.gserviceaccount.com" });
  const theirs = google.tokens.issue("other@other-proj.iam.gserviceaccount.com");
  const made = await fetch(`${google.url}/storage/v1/b?project=other-proj`, {
    method: "POST",
    headers: { authorization: `Bearer ${theirs}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "taken-static", location: "US" }),
  });
  expect(made.status).toBe(200);
  const form = "static content";
  const bucket = (named: string) => ({
    staticContent: { ...gkeForms[form]!.settings.staticContent!, bucket: named },
  });
  expect(await preflight(form, bucket("taken-static"))).toMatch(/^name_taken: .* Bucket taken-static,/);
  expect(await preflight(form, bucket(staticBucketName(deploymentForTest)))).toBe("fine");
});

test("a quota that doesn't suffice says what is asked and left", async () => {
  const { google } = held;
  google.quotas.set(project, "us-central1", "CPUS", 2);
  google.quotas.set(project, "us-central1", "SSD_TOTAL_GB", 250);
  expect(await preflight()).toMatch(
    /^quota_exceeded: .*SSD disks in us-central1 \(SSD_TOTAL_GB\): 300 GB asked, 250 GB left of 250 GB; CPUs in us-central1 \(CPUS\): 3 asked, 2 left of 2\. .*https:\/\/console\.cloud\.google\.com\/iam-admin\/quotas\?project=demo-proj/,
  );
  expect(await preflight(usual, own({ minNodes: 1, maxNodes: 1 }))).toBe("fine");
  google.quotas.set(project, "us-central1", "CPUS", 24);
  google.quotas.set(project, "us-central1", "SSD_TOTAL_GB", 1000);
});

test("what Google counts of its global load balancers is asked for too", async () => {
  const { google } = held;
  const metrics = ["GLOBAL_EXTERNAL_MANAGED_BACKEND_SERVICES", "GLOBAL_EXTERNAL_MANAGED_FORWARDING_RULES"];
  for (const metric of metrics) google.quotas.set(project, null, metric, 0);
  const said = await preflight();
  for (const metric of metrics) {
    expect(said).toContain(`in the project (${metric}): 1 asked, 0 left of 0`);
    google.quotas.set(project, null, metric, 75);
  }
  expect(await preflight()).toBe("fine");
});

test("an update asks only for what comes beside what is there", async () => {
  const before = planOf(usual);
  held.google.quotas.set(project, "us-central1", "CPUS", 0);
  held.google.quotas.set(project, null, "NETWORKS", 0);
  expect(await preflight(usual, {}, { before })).toBe("fine");
  // Another machine makes another pool, which comes first.
  const larger = own({ machineType: "n1-standard-2" });
  expect(await preflight(usual, larger, { before })).toMatch(
    /^quota_exceeded: .*CPUs in us-central1 \(CPUS\): 6 asked, 0 left of 0\./,
  );
  held.google.quotas.set(project, "us-central1", "CPUS", 24);
  held.google.quotas.set(project, null, "NETWORKS", 15);
});

test("a zone without the machine or the GPU says where it is", async () => {
  const north = { region: "europe-north1", location: "europe-north1-a", zones: ["europe-north1-a"] };
  expect(await preflight(usual, { ...north, ...own({ machineType: "g2-standard-4" }) })).toMatch(
    /^not_offered: Google has no machine type g2-standard-4 in europe-north1-a\. It is in europe-west1-b, .*us-central1-a/,
  );
  expect(await preflight("a GPU", north)).toMatch(
    /^not_offered: Google has no GPU nvidia-tesla-t4 in europe-north1-a/,
  );
  expect(await preflight(usual, own({ machineType: "n9-huge-96" }))).toContain("No zone has it.");
  expect(await preflight("a GPU", own({ gpu: { type: "nvidia-tesla-t4", count: 8 } }))).toContain(
    "A node can have 4 × nvidia-tesla-t4 at most",
  );
});

test("an API that isn't enabled is named with its link; one that only shows figures isn't needed", async () => {
  const { services } = held.google.projects.get(project)!;
  services.delete("container.googleapis.com");
  services.delete("monitoring.googleapis.com");
  expect(await preflight()).toMatch(
    /^api_disabled: An API isn't enabled in the project: Kubernetes Engine API \(https:\/\/console\.cloud\.google\.com\/apis\/library\/container\.googleapis\.com\?project=demo-proj\)/,
  );
  services.add("container.googleapis.com");
  expect(await preflight()).toBe("fine");
  services.delete("storage.googleapis.com");
  expect(await preflight()).toBe("fine");
  expect(await preflight("static content")).toMatch(/^api_disabled: .*Cloud Storage/);
  for (const api of ["storage", "monitoring"]) services.add(`${api}.googleapis.com`);
  services.delete("serviceusage.googleapis.com");
  services.delete("compute.googleapis.com");
  expect(await preflight()).toMatch(/^api_disabled: .*Compute Engine API/);
  services.add("serviceusage.googleapis.com");
  services.add("compute.googleapis.com");
});

test("a right that is missing is named with its role", async () => {
  held.google.permissions.deny(owner, "compute.networks.get");
  expect(await preflight()).toBe(
    "target_refused: The target's account lacks the right compute.networks.get in the project demo-proj. Give it the role Compute Network Admin (roles/compute.networkAdmin), then retry.",
  );
});

test("the nodes' account has to be there, and the target has to be allowed to act as it", async () => {
  const nobody = { nodeServiceAccount: "nobody@demo-proj.iam.gserviceaccount.com" };
  expect(await preflight(usual, nobody)).toMatch(/^target_refused: There is no service account nobody@/);
  held.google.permissions.deny(owner, "iam.serviceAccounts.actAs");
  expect(await preflight()).toMatch(
    /^target_refused: .*may not run machines as nodes@.*iam\.serviceAccountUser/,
  );
});

test("Google in trouble is said to be, and so are credentials that it doesn't take", async () => {
  held.google.faults.answer(
    { method: "GET", path: /regions\/us-central1$/, times: Infinity },
    { code: 503, reason: "backendError", message: "Busy." },
  );
  expect(await preflight()).toMatch(/^target_unreachable: Google can't answer just now \(503\): Busy\./);
  const gone = await apiForTest();
  gone.google.tokens.removeServiceAccountKey(gone.credentials.privateKeyId);
  const { settings } = gkeForms[usual]!;
  const given = { deploymentId: deploymentForTest, plan: planOf(usual), settings, before: null };
  await expect(gkePreflight(gone.api, given, signal)).rejects.toMatchObject({
    code: "target_refused",
    message: expect.stringContaining("was deleted"),
  });
  await gone.google.close();
});

test("a project that is gone, or can't pay, is told", async () => {
  expect(await preflight(usual, { project: "gone-proj" })).toMatch(/^target_refused: .*gone-proj/);
  held.google.faults.answer(
    { method: "GET", path: /regions\/us-central1$/ },
    { code: 403, reason: "forbidden", message: "This API method requires billing to be enabled." },
  );
  expect(await preflight()).toMatch(/^target_refused: The project demo-proj has no billing account/);
});

test("a tear-down needs credentials and nothing else", async () => {
  held.google.quotas.set(project, null, "NETWORKS", 0);
  expect(await preflight(usual, {}, { plan: [] })).toBe("fine");
  held.google.quotas.set(project, null, "NETWORKS", 15);
});

test("an existing cluster has to be the one that was chosen, and usable", async () => {
  const { ask } = held;
  const form = "an existing cluster";
  expect(await preflight(form)).toMatch(
    /^cluster_unusable: There is no cluster shared in us-central1-a any more/,
  );
  await makeNetwork(ask);
  await must(ask, "POST", clusters, clusterBody({ name: "shared" }));
  const chosen = {
    cluster: {
      ...existingClusterForTest,
      network: `projects/${project}/global/networks/n`,
      podsRange: "10.20.0.0/16",
    },
  };
  const reach: Reach = () => Promise.resolve(true);
  expect(await preflight(form, chosen, { reach })).toBe("fine");
  expect(await preflight(form, {}, { reach })).toMatch(
    /^cluster_unusable: .*another one than when it was chosen/,
  );
  expect(await preflight(form, chosen, { reach: () => Promise.resolve(false) })).toMatch(
    /^cluster_unusable: The cluster shared can't be used\. Its control plane doesn't answer/,
  );
  const pools = `${clusters}/shared/nodePools`;
  const nodePool = { name: "beside", initialNodeCount: 1, locations: ["us-central1-b"] };
  await must(ask, "POST", pools, { nodePool });
  expect(await preflight(form, chosen, { reach })).toMatch(
    /^cluster_unusable: Since it was chosen, the cluster shared has got nodes in us-central1-b\. .*make a new deployment/,
  );
  const both = { ...chosen, zones: ["us-central1-b", "us-central1-a"] };
  expect(await preflight(form, both, { reach })).toBe("fine");
  const ranged = { ...nodePool, name: "ranged", networkConfig: { podRange: "services" } };
  await must(ask, "POST", pools, { nodePool: ranged });
  expect(await preflight(form, both, { reach })).toMatch(
    /^cluster_unusable: The cluster shared has pods with addresses of 10\.30\.0\.0\/20, .*save the settings/,
  );
  const wider = { ...both, cluster: { ...both.cluster, morePodsRanges: ["10.30.0.0/20"] } };
  expect(await preflight(form, wider, { reach })).toBe("fine");
  await must(ask, "DELETE", `${pools}/ranged`);
  // A range that no pool has any more does no harm.
  expect(await preflight(form, wider, { reach })).toBe("fine");
  await must(ask, "DELETE", `${pools}/default-pool`);
  expect(await preflight(form, both, { reach })).toMatch(
    /the cluster shared has no nodes in us-central1-a any more\. /,
  );
  expect(await preflight(form, chosen, { reach })).toMatch(
    /has got nodes in us-central1-b, and has no nodes in us-central1-a any more\. /,
  );
  // The cluster is where it was, and its nodes alone are elsewhere.
  expect(await preflight(form, { ...chosen, zones: ["us-central1-b"] }, { reach })).toBe("fine");
});

test("a chosen network has to be as it was named, and what there is instead is told", async () => {
  const { ask } = held;
  const form = "a chosen network";
  const { cluster } = gkeForms[form]!.settings;
  const { network } = cluster as OwnCluster;
  const links = (named: string, subnet: string) => ({
    network: `projects/${project}/global/networks/${named}`,
    subnetwork: `projects/${project}/regions/us-central1/subnetworks/${subnet}`,
  });
  const chosen = (change: Partial<ChosenNetwork>) => own({ network: { ...network!, ...change } });
  expect(await preflight(form)).toBe("fine");

  await must(ask, "POST", `${global}/networks`, { name: "bare", autoCreateSubnetworks: false });
  await must(ask, "POST", `${region}/subnetworks`, subnetwork("bare", "bare", []));
  const todo = "Put the name right under Settings, or make what is missing, then retry.";
  const said = async (change: Partial<ChosenNetwork>) => preflight(form, chosen(change));
  expect(await said(links("lab", "lob"))).toMatch(
    /^network_unusable: There is no subnetwork lob in us-central1\. There are: lab of the network lab, .*bare of the network bare/,
  );
  expect(await said(links("bare", "lob"))).toMatch(/There are: bare of the network bare, /);
  expect(await said(links("bare", "lab"))).toBe(
    `network_unusable: The subnetwork lab is of the network lab, not of bare. ${todo}`,
  );
  expect(await said({ podsRangeName: "pods" })).toBe(
    `network_unusable: The subnetwork lab has no secondary range pods. It has: lab-pods, lab-services. ${todo}`,
  );
  expect(await said({ ...links("bare", "bare"), servicesRangeName: "services" })).toBe(
    `network_unusable: The subnetwork bare has no secondary range lab-pods and no services. It has none at all. ${todo}`,
  );
  const north = { region: "europe-north1", location: "europe-north1-a", zones: ["europe-north1-a"] };
  const there = links("lab", "lab").subnetwork.replace("us-central1", "europe-north1");
  expect(await preflight(form, { ...north, ...chosen({ subnetwork: there }) })).toBe(
    `network_unusable: There is no subnetwork lab in europe-north1. There is none at all. ${todo}`,
  );
  // The cluster is in its network already.
  const made = planOf(form, chosen({ podsRangeName: "pods" }));
  expect(await preflight(form, chosen({ podsRangeName: "pods" }), { before: made })).toBe("fine");
});

test("a cluster of ours that is there already is taken for ours by its label", async () => {
  const { ask } = held;
  const mine = clusterBody({ name, resourceLabels: labelsOf(deploymentForTest) });
  await must(ask, "POST", clusters, mine);
  expect(await preflight()).toBe("fine");
  await must(ask, "DELETE", `${clusters}/${name}`);
  await must(ask, "POST", clusters, clusterBody({ name }));
  expect(await preflight()).toMatch(/^name_taken: There is already in the project: Cluster sluice-dep/);
  await must(ask, "DELETE", `${clusters}/${name}`);
  await must(ask, "DELETE", `${clusters}/shared`);
  await must(ask, "DELETE", `${region}/subnetworks/s`);
});
