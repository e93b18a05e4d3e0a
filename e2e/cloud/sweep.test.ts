import { afterEach, beforeEach, expect, test } from "vitest";
import { apiForTest } from "#e2e/cloud/api-for-test.ts";
import { clusterBody, clusters, global, must, region, zone } from "#e2e/cloud/google/graph-for-test.ts";
import { owner, project } from "#e2e/cloud/google/google-for-test.ts";
import { gkeRemaining, removeLeftovers } from "#infra/targets/gke/sweep.ts";
import { descriptionOf, labelsOf } from "#lib/targets/gke/mark.ts";
import { mainName } from "#lib/targets/gke/names.ts";

const id = "dep-0123456789ab";
const name = mainName(id);
const other = "dep-ffffffffffff";
const whose = { project, deploymentId: id };
const { signal } = new AbortController();
let held: Awaited<ReturnType<typeof apiForTest>>;

beforeEach(async () => {
  held = await apiForTest();
});
afterEach(() => held.google.close());

const make = (path: string, body: object) => must(held.ask, "POST", path, body);
const ours = (part = "") => ({ name: name + part, description: descriptionOf(id) });
const link = (kind: string, what: string) => `projects/${project}/global/${kind}/${what}`;

/** A network of its own, a cluster in it, and what GKE puts beside them. */
async function makeCluster() {
  await make(`${global}/networks`, { ...ours(), autoCreateSubnetworks: false });
  await make(`${region}/subnetworks`, {
    ...ours(),
    network: link("networks", name),
    ipCidrRange: "10.10.0.0/20",
    secondaryIpRanges: [
      { rangeName: "pods", ipCidrRange: "10.20.0.0/16" },
      { rangeName: "services", ipCidrRange: "10.30.0.0/20" },
    ],
  });
  const network = { network: link("networks", name) };
  const subnetwork = `projects/${project}/regions/us-central1/subnetworks/${name}`;
  await make(clusters, clusterBody({ name, resourceLabels: labelsOf(id), ...network, subnetwork }));
  const allowed = [{ IPProtocol: "tcp", ports: ["8080"] }];
  const firewall = { ...network, allowed, sourceRanges: ["10.0.0.0/8"] };
  await make(`${global}/firewalls`, { ...firewall, ...ours() });
  await make(`${global}/firewalls`, { ...firewall, name: `gke-${name}-0a1b2c3d-all` });
  await make(`${global}/firewalls`, { ...firewall, name: "k8s-fw-a0123456789" });
}

/** A load balancer of layer 7 on a group of the Service `endpoint`. */
async function makeLoadBalancer() {
  const groupOf = (namespace: string) =>
    JSON.stringify({ "cluster-uid": "u", namespace, "service-name": "endpoint", port: "80" });
  const network = link("networks", name);
  await make(`${zone}/networkEndpointGroups`, {
    name: `${name}-proxy`,
    description: groupOf(name),
    network,
  });
  const httpHealthCheck = { requestPath: "/healthz" };
  await make(`${global}/healthChecks`, { ...ours("-proxy"), type: "HTTP", httpHealthCheck });
  await make(`${global}/backendServices`, {
    ...ours("-proxy"),
    loadBalancingScheme: "EXTERNAL_MANAGED",
    protocol: "HTTP",
    healthChecks: [link("healthChecks", `${name}-proxy`)],
    backends: [
      {
        group: `projects/${project}/zones/us-central1-a/networkEndpointGroups/${name}-proxy`,
        balancingMode: "RATE",
        maxRatePerEndpoint: 100,
      },
    ],
  });
  await make(`${global}/urlMaps`, { ...ours(), defaultService: link("backendServices", `${name}-proxy`) });
  await make(`${global}/targetHttpProxies`, { ...ours("-http"), urlMap: link("urlMaps", name) });
  await make(`${global}/addresses`, ours());
  await make(`${global}/forwardingRules`, {
    ...ours("-http"),
    target: link("targetHttpProxies", `${name}-http`),
    IPAddress: link("addresses", name),
    IPProtocol: "TCP",
    portRange: "80",
    loadBalancingScheme: "EXTERNAL_MANAGED",
  });
}

async function makeBucket() {
  const { google } = held;
  await make(`/storage/v1/b?project=${project}`, {
    name: `${name}-static`,
    location: "US-CENTRAL1",
    labels: labelsOf(id),
  });
  for (const file of ["index.html", "a/b c.txt"])
    await held.api.upload({
      path: `b/${name}-static/o`,
      query: { uploadType: "media", name: file },
      contentType: "text/plain",
      bytes: new TextEncoder().encode("hello"),
    });
  expect(google.store.list(`storage/b/${name}-static/o`)).toHaveLength(2);
}

const remaining = async () => (await gkeRemaining(held.api, whose)).map(({ what }) => what);

test("of nothing, nothing is left", async () => {
  expect(await gkeRemaining(held.api, whose)).toEqual([]);
  await removeLeftovers(held.api, whose, signal);
});

test("all of a deployment is found, with what it costs, and removed in an order that Google takes", async () => {
  await makeCluster();
  await makeLoadBalancer();
  await makeBucket();
  const found = await remaining();
  expect(found).toEqual(
    expect.arrayContaining([
      `Forwarding rule ${name}-http: $0.025 an hour, $18.25 a month`,
      `HTTP proxy ${name}-http: costs nothing by itself`,
      `URL map ${name}: costs nothing by itself`,
      `Backend service ${name}-proxy: costs nothing by itself`,
      `Cluster ${name} in us-central1-a: $0.100 an hour, $73.00 a month`,
      `Health check ${name}-proxy: costs nothing by itself`,
      `Group of pods' addresses (NEG) ${name}-proxy in us-central1-a: costs nothing by itself`,
      `Firewall ${name}: costs nothing by itself`,
      `Firewall gke-${name}-0a1b2c3d-all: costs nothing by itself`,
      "Firewall k8s-fw-a0123456789: costs nothing by itself",
      `Bucket ${name}-static in us-central1: price unknown`,
      `Subnet ${name} in us-central1: costs nothing by itself`,
      `Network ${name}: costs nothing by itself`,
    ]),
  );
  expect(found.filter((what) => what.startsWith("Machine "))).toHaveLength(1);
  await removeLeftovers(held.api, whose, signal);
  expect(await remaining()).toEqual([]);
  const left = held.google.store.all().map(({ key }) => key);
  expect(left.filter((key) => key.includes(name))).toEqual([]);
});

test("what doesn't carry the mark is neither listed nor touched, whatever its name", async () => {
  await make(`${global}/networks`, { name, autoCreateSubnetworks: false });
  await make(`${global}/addresses`, { name, description: descriptionOf(other) });
  await make(`${global}/addresses`, { name: "copied", description: descriptionOf(id) });
  const network = link("networks", name);
  const allowed = [{ IPProtocol: "tcp" }];
  await make(`${global}/firewalls`, { name: "k8s-fw-1", network, allowed, sourceRanges: ["10.0.0.0/8"] });
  await make(`${zone}/networkEndpointGroups`, { name: `${name}-proxy`, network });
  const before = held.google.store.all().length;
  expect(await remaining()).toEqual([]);
  await removeLeftovers(held.api, whose, signal);
  expect(held.google.store.all()).toHaveLength(before);
});

test("a person's firewall in the deployment's own network stays, and keeps the network", async () => {
  await makeCluster();
  const network = link("networks", name);
  const allowed = [{ IPProtocol: "tcp" }];
  await make(`${global}/firewalls`, { name: "allow-ssh", network, allowed, sourceRanges: ["10.0.0.0/8"] });
  await expect(removeLeftovers(held.api, whose, signal, 10_000)).rejects.toMatchObject({
    code: "leftovers",
    message: expect.stringMatching(/Network sluice-dep-0123456789ab \(.*allow-ssh.*\)\. Have that mended/),
  });
  expect(await remaining()).toEqual([`Network ${name}: costs nothing by itself`]);
  expect(held.google.store.get(`compute/${link("firewalls", "allow-ssh")}`)).toBeDefined();
});

test("what layer 4 and claims leave is known by the namespace in their descriptions", async () => {
  const rule = {
    "networking.gke.io/service-name": `${name}/endpoint`,
    "networking.gke.io/api-version": "ga",
  };
  await make(`${region}/addresses`, { name: "k8s2-abc", description: JSON.stringify(rule) });
  const claim = { "kubernetes.io/created-for/pvc/namespace": name };
  const put = (disk: string, description: object) =>
    held.google.store.put(`compute/projects/${project}/zones/us-central1-a/disks/${disk}`, {
      name: disk,
      id: "77",
      sizeGb: "20",
      type: `https://www.googleapis.com/compute/v1/projects/${project}/zones/us-central1-a/diskTypes/pd-balanced`,
      description: JSON.stringify(description),
      selfLink: `https://www.googleapis.com/compute/beta/projects/${project}/zones/us-central1-a/disks/${disk}`,
    });
  put("pvc-1", claim);
  put("pvc-2", { "kubernetes.io/created-for/pvc/namespace": "somebody" });
  expect(await remaining()).toEqual([
    "Reserved address k8s2-abc in us-central1: price unknown",
    "Disk pvc-1 in us-central1-a: $0.003 an hour, $2.00 a month",
  ]);
  await removeLeftovers(held.api, whose, signal);
  expect(await remaining()).toEqual([]);
});

test("templates of a pool's machines and a target pool's health check are found and removed", async () => {
  const template = (named: string) =>
    held.google.store.put(`compute/projects/${project}/global/instanceTemplates/${named}`, {
      name: named,
      id: "78",
      selfLink: `https://www.googleapis.com/compute/beta/projects/${project}/global/instanceTemplates/${named}`,
    });
  const own = `gke-${name.slice(0, 20)}-main-0a1b2c3d`;
  template(own);
  template("gke-somebody-main-0a1b2c3d");
  const check = (named: string, service: string) =>
    make(`${global}/httpHealthChecks`, {
      name: named,
      description: JSON.stringify({ "kubernetes.io/service-name": service }),
    });
  await check("a0123456789", `${name}/endpoint`);
  await check("k8s-0123456789-node", "somebody/endpoint");
  expect(await remaining()).toEqual([
    "HTTP health check a0123456789: costs nothing by itself",
    `Template of machines ${own}: costs nothing by itself`,
  ]);
  await removeLeftovers(held.api, whose, signal);
  expect(await remaining()).toEqual([]);
  expect(held.google.store.list(`compute/projects/${project}/global/instanceTemplates`)).toHaveLength(1);
  expect(held.google.store.list(`compute/projects/${project}/global/httpHealthChecks`)).toHaveLength(1);
});

test("what fails for a while is tried again; a right that is missing is told at once", async () => {
  await make(`${global}/addresses`, ours());
  const busy = { code: 400, reason: "resourceNotReady", message: "The resource is not ready." };
  held.google.faults.answer({ method: "DELETE", path: /addresses/, times: 2 }, busy);
  await removeLeftovers(held.api, whose, signal);
  expect(await remaining()).toEqual([]);

  await make(`${global}/addresses`, ours());
  held.google.permissions.deny(owner, "compute.globalAddresses.delete");
  await expect(removeLeftovers(held.api, whose, signal)).rejects.toMatchObject({
    code: "leftovers",
    message: expect.stringContaining("compute.globalAddresses.delete"),
  });
  const deletions = held.google
    .requests()
    .filter(({ method, status }) => method === "DELETE" && status === 403);
  expect(deletions).toHaveLength(1);
});

test("what somebody makes anew each time isn't removed without end", async () => {
  await make(`${global}/addresses`, ours());
  const find: typeof held.api.find = async (request) => {
    const answer = await held.api.find(request);
    if (request.method === "DELETE") await make(`${global}/addresses`, ours());
    return answer;
  };
  await expect(removeLeftovers({ ...held.api, find }, whose, signal, 10_000)).rejects.toMatchObject({
    code: "leftovers",
    message: expect.stringContaining(`Reserved address ${name} (it is made anew by somebody)`),
  });
});

test("a kind that may not be looked at isn't taken for empty", async () => {
  held.google.permissions.deny(owner, "compute.firewalls.list");
  await expect(gkeRemaining(held.api, whose)).rejects.toMatchObject({
    code: "target_refused",
    message: expect.stringContaining("compute.firewalls.list"),
  });
});

test("an account that was never to make a bucket needs no right to look for one; one that is there is told", async () => {
  held.google.permissions.deny(owner, "storage.buckets.list");
  held.google.permissions.deny(owner, "storage.buckets.get");
  expect(await remaining()).toEqual([]);
  await makeBucket();
  await expect(gkeRemaining(held.api, whose)).rejects.toMatchObject({
    code: "target_refused",
    message: expect.stringContaining("storage.buckets.get"),
  });
});

test("of an API that isn't enabled there is nothing", async () => {
  held.google.projects.get(project)!.services.delete("storage.googleapis.com");
  expect(await remaining()).toEqual([]);
});
