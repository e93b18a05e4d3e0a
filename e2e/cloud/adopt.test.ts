import { afterEach, beforeEach, expect, test } from "vitest";
import { apiForTest } from "#e2e/cloud/api-for-test.ts";
import { clusterBody, clusters, global, must, region } from "#e2e/cloud/google/graph-for-test.ts";
import { project } from "#e2e/cloud/google/google-for-test.ts";
import { adopt, type Adopting } from "#infra/targets/gke/adopt.ts";
import { deploymentForTest as id, gkeForms } from "#lib/targets/gke/forms-for-test.ts";
import { descriptionOf, labelsOf } from "#lib/targets/gke/mark.ts";
import { mainName } from "#lib/targets/gke/names.ts";
import { find, planOf } from "#lib/targets/gke/plan-for-test.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";

const name = mainName(id);
const cluster = `projects/${project}/locations/us-central1-a/clusters/${name}`;
const network = `projects/${project}/global/networks/${name}`;
const { signal } = new AbortController();
let held: Awaited<ReturnType<typeof apiForTest>>;

beforeEach(async () => {
  held = await apiForTest({ durations: { "container.projects.locations.clusters.create": 50 } });
});
afterEach(() => held.google.close());

const make = (path: string, body: object) => must(held.ask, "POST", path, body);
const exists = async (path: string) => (await held.ask("GET", path)).status === 200;
const look = (form = "keys, so HAProxy routes", change: Partial<Adopting> = {}) =>
  adopt(
    held.api,
    { deploymentId: id, settings: gkeForms[form]!.settings, plan: planOf(form), before: [], ...change },
    signal,
  );

async function makeNetwork() {
  const description = descriptionOf(id);
  await make(`${global}/networks`, { name, description, autoCreateSubnetworks: false });
  await make(`${region}/subnetworks`, {
    name,
    description,
    network,
    ipCidrRange: "10.10.0.0/20",
    secondaryIpRanges: [
      { rangeName: "pods", ipCidrRange: "10.20.0.0/16" },
      { rangeName: "services", ipCidrRange: "10.30.0.0/20" },
    ],
  });
}

async function makeCluster() {
  await makeNetwork();
  await makeClusterAlone();
}

async function makeClusterAlone() {
  const subnetwork = `projects/${project}/regions/us-central1/subnetworks/${name}`;
  await make(clusters, clusterBody({ name, resourceLabels: labelsOf(id), network, subnetwork }));
}

/** What the model keeps of the cluster, to be changed behind everybody's back. */
const stored = () => held.google.store.all().find(({ key }) => key.endsWith(`/clusters/${name}`))!;

test("where nothing is, nothing is taken over", async () => {
  expect(await look()).toEqual({ imports: new Map(), looksFirst: false });
});

test("what an attempt made is taken over by its id, unless the engine knows of it", async () => {
  await makeNetwork();
  await make(`${global}/addresses`, { name, labels: labelsOf(id) });
  const { imports, looksFirst } = await look();
  expect(Object.fromEntries(imports)).toEqual({
    [`${gkeTypes.network}::network`]: network,
    [`${gkeTypes.subnetwork}::subnet`]: `projects/${project}/regions/us-central1/subnetworks/${name}`,
    [`${gkeTypes.globalAddress}::address`]: `projects/${project}/global/addresses/${name}`,
  });
  expect(looksFirst).toBe(false);
  const before = planOf("keys, so HAProxy routes");
  expect((await look(undefined, { before })).imports.size).toBe(0);
});

test("what isn't marked as this deployment's is never taken over, and stays", async () => {
  await make(`${global}/networks`, { name, autoCreateSubnetworks: false });
  await expect(look()).rejects.toMatchObject({ code: "name_taken", message: expect.stringContaining(name) });
  expect(await exists(`${global}/networks/${name}`)).toBe(true);
});

test("a cluster that is still being made is awaited, and its first pool goes", async () => {
  await makeCluster();
  expect(stored().body.status).toBe("PROVISIONING");
  const { imports } = await look();
  expect(stored().body.status).toBe("RUNNING");
  expect(imports.get(`${gkeTypes.cluster}::cluster`)).toBe(cluster);
  expect(await exists(`${clusters}/${name}/nodePools/default-pool`)).toBe(false);
});

test("a cluster in ERROR is deleted, to be made anew; if the engine knew of it, it looks", async () => {
  await makeCluster();
  await look();
  stored().body = { ...stored().body, status: "ERROR" };
  const { imports, looksFirst } = await look();
  expect([imports.has(`${gkeTypes.cluster}::cluster`), looksFirst]).toEqual([false, false]);
  expect(await exists(`${clusters}/${name}`)).toBe(false);
  await makeClusterAlone();
  await look();
  stored().body = { ...stored().body, status: "ERROR" };
  expect((await look(undefined, { before: planOf("keys, so HAProxy routes") })).looksFirst).toBe(true);
});

test("a pool is taken over by an id of its own, also while the engine still has the one before it", async () => {
  await makeCluster();
  await look();
  const plan = planOf("keys, so HAProxy routes");
  const pool = find(plan, gkeTypes.nodePool);
  const nodePool = { name: String(pool.inputs.name), initialNodeCount: 1 };
  await make(`${clusters}/${name}/nodePools`, { nodePool });
  const wanted = `${project}/us-central1-a/${name}/${String(pool.inputs.name)}`;
  expect((await look()).imports.get(`${gkeTypes.nodePool}::pool`)).toBe(wanted);
  const older = plan.map((one) =>
    one === pool ? { ...one, inputs: { ...one.inputs, name: "pool-old" } } : one,
  );
  expect((await look(undefined, { before: older })).imports).toEqual(
    new Map([[`${gkeTypes.nodePool}::pool`, wanted]]),
  );
  expect((await look(undefined, { before: [...older, pool] })).imports.size).toBe(0);
});
