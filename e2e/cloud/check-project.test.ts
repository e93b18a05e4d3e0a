import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { apiForTest, keyFor } from "#e2e/cloud/api-for-test.ts";
import { clusterBody, clusters, makeNetwork, must } from "#e2e/cloud/google/graph-for-test.ts";
import { owner, project } from "#e2e/cloud/google/google-for-test.ts";
import { checkProject, type GoogleTarget } from "#infra/google/check-project.ts";
import { googleEndpoints } from "#infra/google/endpoints.ts";
import type { Reach } from "#infra/google/reach-cluster.ts";
import { projectFindings, usableClusters } from "#lib/targets/gke/findings.ts";
import { labelsOf } from "#lib/targets/gke/mark.ts";

const nodes = "nodes@demo-proj.iam.gserviceaccount.com";
const standard = "1-compute@developer.gserviceaccount.com";
let held: Awaited<ReturnType<typeof apiForTest>>;

beforeAll(async () => {
  held = await apiForTest();
  held.google.addServiceAccount(project, nodes);
  held.google.addServiceAccount(project, standard);
});
afterAll(() => held.google.close());
afterEach(() => {
  held.google.faults.clear();
  held.google.permissions.restore(owner);
  for (const api of ["compute", "container", "serviceusage", "cloudresourcemanager"])
    held.google.projects.get(project)!.services.add(`${api}.googleapis.com`);
});

const reached: Reach = () => Promise.resolve(true);

async function check(change: Partial<GoogleTarget> = {}, reach = reached) {
  const { google, credentials } = held;
  const target = { credentials, project, location: "us-central1-a", nodeServiceAccount: nodes, ...change };
  const found = await checkProject(target, {
    endpoints: googleEndpoints(google.url),
    clock: google.clock,
    reach,
  });
  expect(projectFindings.parse(found)).toEqual(found);
  return found;
}

test("a project that can do all is found without a gap", async () => {
  const found = await check();
  expect(found).toMatchObject({
    trouble: null,
    gaps: [],
    identity: owner,
    project: { id: project, number: "1" },
    region: "us-central1",
    nodeAccount: { email: nodes, exists: true, mayActAs: true },
    defaultAccount: { email: standard, exists: true, mayActAs: true },
    zones: ["us-central1-a", "us-central1-b", "us-central1-c", "us-central1-f"],
  });
  expect(found.apis.every(({ enabled }) => enabled)).toBe(true);
  expect(found.rights!.flatMap(({ denied }) => denied)).toEqual([]);
  const cpus = { metric: "CPUS", region: "us-central1", limit: 24, used: 0, asked: 3 };
  expect(found.quotas).toContainEqual(cpus);
  for (const kind of ["BACKEND_SERVICES", "FORWARDING_RULES"]) {
    const metric = `GLOBAL_EXTERNAL_MANAGED_${kind}`;
    expect(found.quotas).toContainEqual({ metric, region: null, limit: 75, used: 0, asked: 1 });
  }
  expect(found.machineTypes).toContainEqual({
    name: "g2-standard-4",
    cpus: 4,
    memoryMb: 16384,
    zones: ["us-central1-a", "us-central1-b", "us-central1-c"],
  });
  expect(found.accelerators).toContainEqual(
    expect.objectContaining({ name: "nvidia-tesla-t4", most: 4, zones: found.zones }),
  );
});

test("a region that has no GPU offers none", async () => {
  expect(await check({ location: "europe-north1" })).toMatchObject({ accelerators: [], trouble: null });
});

test("a missing API is named with its link, and the rest is still looked at", async () => {
  held.google.projects.get(project)!.services.delete("container.googleapis.com");
  const found = await check();
  expect(found.clusters).toBeNull();
  expect(found.quotas).not.toBeNull();
  expect(found.gaps).toMatchObject([
    {
      code: "api_disabled",
      todo: expect.stringContaining("gcloud services enable container.googleapis.com"),
      link: `https://console.cloud.google.com/apis/library/container.googleapis.com?project=${project}`,
    },
  ]);
});

test("without the API that all begins with, it says that one", async () => {
  held.google.projects.get(project)!.services.delete("cloudresourcemanager.googleapis.com");
  const found = await check();
  expect(found.trouble).toMatchObject({
    code: "api_disabled",
    message: "The Cloud Resource Manager API isn't enabled.",
    link: expect.stringContaining("cloudresourcemanager.googleapis.com"),
  });
});

test("each missing right is named, with the role that has it", async () => {
  held.google.permissions.deny(owner, "compute.firewalls.create", "storage.*");
  const { gaps, rights } = await check();
  expect(gaps).toMatchObject([
    {
      code: "right_missing",
      message: expect.stringContaining("compute.firewalls.create"),
      todo: expect.stringContaining(`--member=serviceAccount:${owner} --role=roles/compute.securityAdmin`),
    },
    { code: "right_missing", todo: expect.stringContaining("--role=roles/storage.admin") },
  ]);
  expect(rights!.find(({ role }) => role === "roles/storage.admin")?.denied).toHaveLength(11);
});

test("a permission that Google doesn't know hides none of the others", async () => {
  const before = held.google.requests().length;
  held.google.faults.answer(
    { method: "POST", path: /projects\/demo-proj:testIamPermissions$/ },
    { code: 400, reason: "badRequest", message: "Permission is not valid for this resource." },
  );
  held.google.permissions.deny(owner, "resourcemanager.projects.delete", "compute.firewalls.create");
  const { rights } = await check();
  expect(rights!.flatMap(({ denied }) => denied)).toEqual(["compute.firewalls.create"]);
  const asked = held.google.requests().slice(before);
  expect(asked.filter(({ status }) => status === 400)).toHaveLength(1);
});

test("what may not be read is unknown, and no trouble", async () => {
  held.google.permissions.deny(owner, "compute.regions.get", "container.clusters.list", "serviceusage.*");
  const found = await check();
  expect(found).toMatchObject({ trouble: null, quotas: null, zones: null, clusters: null });
  expect(found.apis.every(({ enabled }) => enabled === null)).toBe(true);
  expect(found.gaps.map(({ code }) => code)).toEqual(Array(3).fill("right_missing"));
});

test("a quota that is too small for the form says what is asked and left", async () => {
  held.google.quotas.set(project, "us-central1", "CPUS", 2);
  held.google.quotas.set(project, null, "NETWORKS", 0);
  const { gaps } = await check();
  expect(gaps.map(({ message }) => message)).toEqual([
    expect.stringContaining("Networks in the project (NETWORKS): 1 asked, 0 left of 0."),
    expect.stringContaining("CPUs in us-central1 (CPUS): 3 asked, 2 left of 2."),
  ]);
  held.google.quotas.set(project, "us-central1", "CPUS", 24);
  held.google.quotas.set(project, null, "NETWORKS", 15);
});

test("the accounts that nodes act as are there, and may be acted as", async () => {
  const missing = "none@demo-proj.iam.gserviceaccount.com";
  const none = await check({ nodeServiceAccount: missing });
  expect(none.gaps).toMatchObject([
    { code: "node_account_missing", message: expect.stringContaining(missing) },
  ]);
  held.google.permissions.deny(owner, "iam.serviceAccounts.actAs");
  const denied = await check();
  expect(denied.gaps.map(({ code, todo }) => [code, /add-iam-policy-binding (\S+)/.exec(todo)?.[1]])).toEqual(
    [
      ["node_account_denied", nodes],
      ["node_account_denied", standard],
    ],
  );
});

test("another project, or none, is told from one without a right", async () => {
  expect(await check({ project: "other-proj" })).toMatchObject({
    identity: owner,
    trouble: { code: "project_unknown", message: expect.stringContaining(owner) },
  });
});

test("a place that Google doesn't have is refused", async () => {
  for (const location of ["mars-north1", "us-central1-x"])
    expect(await check({ location })).toMatchObject({ trouble: { code: "location_unknown" } });
});

test("credentials that are no good say why", async () => {
  const gone = keyFor(held.google);
  held.google.tokens.removeServiceAccountKey(gone.privateKeyId);
  const found = await check({ credentials: gone });
  expect(found).toMatchObject({ identity: owner, trouble: { code: "account_gone" } });
});

test("an API that has trouble is trouble, and not an empty project", async () => {
  held.google.faults.answer(
    { method: "GET", path: /clusters$/, times: Infinity },
    { code: 500, reason: "backendError", message: "Internal error." },
  );
  expect(await check()).toMatchObject({
    trouble: { code: "not_understood", message: expect.stringContaining("Internal error.") },
  });
});

test("a project without billing is trouble, and not one of which nothing is known", async () => {
  held.google.faults.answer(
    { method: "GET", path: /regions\/us-central1$/ },
    { code: 403, reason: "forbidden", message: "This API method requires billing to be enabled." },
  );
  expect(await check()).toMatchObject({ trouble: { code: "billing_disabled" } });
});

test("existing clusters say whether they can be used, and why not", async () => {
  const { ask } = held;
  await makeNetwork(ask);
  const fine = clusterBody({ name: "fine" });
  await must(ask, "POST", clusters, fine);
  const off = { httpLoadBalancing: { disabled: true } };
  await must(ask, "POST", clusters, clusterBody({ name: "off", addonsConfig: off }));
  const own = clusterBody({ name: "own", resourceLabels: labelsOf("dep-0123456789ab") });
  await must(ask, "POST", clusters, own);
  const guarded = { masterAuthorizedNetworksConfig: { enabled: true, cidrBlocks: [] } };
  await must(ask, "POST", clusters, clusterBody({ name: "guarded", ...guarded }));
  const found = await check({}, (_api, { name }) => Promise.resolve(name === "fine"));
  expect(found.clusters!.map(({ name, problems }) => [name, ...problems.map(({ code }) => code)])).toEqual([
    ["fine"],
    ["off", "no_load_balancing"],
    ["own", "owned"],
    ["guarded", "authorized_networks"],
  ]);
  expect(usableClusters(found)).toMatchObject([
    {
      name: "fine",
      location: "us-central1-a",
      zones: ["us-central1-a"],
      network: `projects/${project}/global/networks/n`,
      podsRange: "10.20.0.0/16",
      morePodsRanges: [],
    },
  ]);
});

test("a control plane that the worker doesn't reach isn't usable", async () => {
  const { google, credentials } = held;
  const target = { credentials, project, location: "us-central1-a", nodeServiceAccount: nodes };
  const found = await checkProject(target, { endpoints: googleEndpoints(google.url), clock: google.clock });
  expect(found.clusters!.find(({ name }) => name === "fine")!.problems).toMatchObject([
    { code: "unreachable" },
  ]);
});
