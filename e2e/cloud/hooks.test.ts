import { afterEach, beforeEach, expect, test } from "vitest";
import { apiForTest } from "#e2e/cloud/api-for-test.ts";
import { global, must, zone } from "#e2e/cloud/google/graph-for-test.ts";
import { project } from "#e2e/cloud/google/google-for-test.ts";
import { readFailure } from "#infra/local-runtime/provider/failure.ts";
import { awaitGroups } from "#infra/resources/google/await-groups.ts";
import { removeFirewalls } from "#infra/resources/google/remove-firewalls.ts";
import { removeGroups } from "#infra/resources/google/remove-groups.ts";
import { deploymentForTest as id } from "#lib/targets/gke/forms-for-test.ts";
import { groupLink } from "#lib/targets/gke/links.ts";
import { backendName, mainName } from "#lib/targets/gke/names.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";

const name = mainName(id);
const namespace = namespaceOf(id);
const of = { namespace, service: "endpoint" };
const group = backendName(id, null);
const network = `projects/${project}/global/networks/${name}`;
const { signal } = new AbortController();
let held: Awaited<ReturnType<typeof apiForTest>>;

beforeEach(async () => {
  held = await apiForTest();
  await make(`${global}/networks`, { name, autoCreateSubnetworks: true });
});
afterEach(() => held.google.close());

const make = (path: string, body: object) => must(held.ask, "POST", path, body);
/** As GKE's controller makes one. */
const makeGroup = (which: string, whose: string, service = "endpoint", at = zone) =>
  make(`${at}/networkEndpointGroups`, {
    name: which,
    network,
    description: JSON.stringify({
      "cluster-uid": "u",
      namespace: whose,
      "service-name": service,
      port: "80",
    }),
  });
const attach = (at = zone) =>
  make(`${at}/networkEndpointGroups/${group}/attachNetworkEndpoints`, {
    networkEndpoints: [{ ipAddress: "10.20.0.5", port: 8080, instance: "node-1" }],
  });
const namesOf = async (path: string) =>
  ((await must(held.ask, "GET", path)).items as { name: string }[] | undefined)?.map((one) => one.name) ?? [];
const groups = () => namesOf(`${zone}/networkEndpointGroups`);

/** A client whose every wait lets something happen. */
const whileWaiting = (happens: (waits: number) => Promise<unknown>) => {
  let waits = 0;
  return { ...held.api, pause: async () => void (await happens((waits += 1))) };
};

test("a backend service waits for its group in each zone, and for a pod in one of them", async () => {
  const other = zone.replace("us-central1-a", "us-central1-b");
  const zones = ["us-central1-a", "us-central1-b"];
  const steps: (() => Promise<unknown>)[] = [
    () => makeGroup(group, namespace),
    () => makeGroup(group, namespace, "endpoint", other),
    () => attach(other),
  ];
  let waits = 0;
  const api = whileWaiting((count) => steps[(waits = count) - 1]!());
  await awaitGroups(
    zones.map((each) => groupLink(project, each, group)),
    of,
    { api, signal },
  );
  expect(waits).toBe(3);
});

test.each([
  ["another namespace's", "somebody", "endpoint"],
  ["another Service's", namespace, "backend-main"],
])("a group that is %s is refused at once", async (_what, whose, service) => {
  await makeGroup(group, whose, service);
  await attach();
  const api = whileWaiting(() => Promise.reject(new Error("It waited.")));
  const failure = await awaitGroups([groupLink(project, "us-central1-a", group)], of, { api, signal }).catch(
    (error: Error) => readFailure(error.message),
  );
  expect(failure).toMatchObject({ code: "load_balancer_failed", message: expect.stringContaining(group) });
});

test("waiting ends, and says in which zone the group is missing, or that it has no pods", async () => {
  const links = [groupLink(project, "us-central1-a", group)];
  const say = () =>
    awaitGroups(links, of, { api: held.api, signal, withinMs: 6_000 }).catch(
      (error: Error) => readFailure(error.message)?.message,
    );
  expect(await say()).toMatch(/hasn't made .* of the Service endpoint in us-central1-a/);
  await makeGroup(group, namespace);
  expect(await say()).toMatch(/^No pod came into the groups/);
});

const removal = (change: Partial<Parameters<typeof removeGroups>[0]> = {}) =>
  removeGroups({
    api: held.api,
    project,
    prefix: `${name}-`,
    namespace,
    hasController: async () => true,
    signal,
    withinMs: 20_000,
    ...change,
  });

test("groups that the controller removes are waited for", async () => {
  await makeGroup(group, namespace);
  const api = whileWaiting((waits) =>
    waits === 3 ? must(held.ask, "DELETE", `${zone}/networkEndpointGroups/${group}`) : Promise.resolve(),
  );
  await removal({ api });
  expect(await groups()).toEqual([]);
  expect(held.google.requests().filter(({ method }) => method === "DELETE")).toHaveLength(1);
});

test("groups that stay are removed, those of other namespaces never", async () => {
  await makeGroup(group, namespace);
  await makeGroup(`${name}-variant-x`, "somebody");
  await makeGroup("else", namespace);
  await removal();
  expect((await groups()).sort()).toEqual(["else", `${name}-variant-x`].sort());
});

test("without a cluster nobody else would remove them: nothing is waited for", async () => {
  await makeGroup(group, namespace);
  const began = held.google.requests().length;
  await removal({ hasController: async () => false });
  expect(await groups()).toEqual([]);
  const asked = held.google.requests().slice(began);
  expect(asked.filter(({ path }) => path.includes("/aggregated/"))).toHaveLength(1);
});

test("firewalls that GKE's controllers left in the network go, a person's own and other networks' stay", async () => {
  await make(`${global}/networks`, { name: "lab", autoCreateSubnetworks: true });
  const lab = `projects/${project}/global/networks/lab`;
  const rule = { allowed: [{ IPProtocol: "tcp", ports: ["80"] }], sourceRanges: ["10.0.0.0/8"] };
  for (const left of ["gke-x-0a1b-all", "k8s-fw-a01", "k8s2-b-hc"])
    await make(`${global}/firewalls`, { ...rule, name: left, network });
  await make(`${global}/firewalls`, { ...rule, name: "mine", network });
  await make(`${global}/firewalls`, { ...rule, name: "gke-lab-all", network: lab });
  await removeFirewalls({ api: held.api, project, network: name, signal });
  expect((await namesOf(`${global}/firewalls`)).sort()).toEqual(["gke-lab-all", "mine"]);
});
