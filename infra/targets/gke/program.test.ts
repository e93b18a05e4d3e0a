import { describe, expect, test } from "vitest";
import { apiForTest, clusterForTest, inputForTest } from "#infra/targets/gke/input-for-test.ts";
import { gkeProgram, type GkeInput } from "#infra/targets/gke/program.ts";
import { keyOf, registeredBy, visible, type Registered } from "#infra/targets/kubernetes/graph-for-test.ts";
import { deploymentForTest } from "#lib/targets/gke/forms-for-test.ts";
import { allOf, before, everyPlan, find, isGoogles, planOf } from "#lib/targets/gke/plan-for-test.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";
import { componentToken, isPlannedType, resourceKey, type PlannedResource } from "#lib/targets/plan.ts";
import { isHidden } from "#lib/targets/secret-input.ts";

const answers = {
  [gkeTypes.cluster]: clusterForTest,
  [gkeTypes.globalAddress]: { address: "203.0.113.10" },
  [gkeTypes.address]: { address: "203.0.113.20" },
};
const graphOf = async (form: string, plan: PlannedResource[], changed: Partial<GkeInput> = {}) => {
  let told = 0;
  const program = gkeProgram(inputForTest(form, changed))(plan, () => void (told += 1));
  const graph = await registeredBy(program, answers);
  expect(told).toBe(1);
  return graph;
};
/** The SDK hides certificates, which a plan shows. */
const declared = ({ type, inputs }: PlannedResource) =>
  visible(type === gkeTypes.certificate ? { ...inputs, certificate: { $secret: "" } } : inputs);
const providerFor = (resource: PlannedResource) =>
  isGoogles(resource) ? "pulumi:providers:gcp::google" : "pulumi:providers:kubernetes::cluster";

const google = "pulumi:providers:gcp";
const kubernetes = "pulumi:providers:kubernetes";
const one = (graph: Registered[], type: string) => graph.find((each) => each.type === type)!;

describe.each(everyPlan)("%s", (form, plan) => {
  const planned = new Map(plan.map((resource) => [resourceKey(resource), resource]));

  test("the program registers what the plan says, in its order, on the provider of each", async () => {
    const { resources } = await graphOf(form, plan);
    const made = resources.filter(({ type }) => isPlannedType(type));
    expect(made.map(resourceKey).sort()).toEqual([...planned.keys()].sort());
    for (const resource of made) {
      const said = planned.get(resourceKey(resource))!;
      expect(visible(resource.inputs)).toEqual(declared(said));
      expect(resource.dependsOn.map(keyOf).sort()).toEqual([...said.dependsOn].sort());
      const group = said.component && `${componentToken(said.component.type)}::${said.component.name}`;
      expect(keyOf(resource.parent)).toBe(group ?? "::");
      expect(resource.provider).toContain(providerFor(said));
    }
  });

  test("the cluster's provider comes after the nodes, with a token of now that is a secret", async () => {
    const { resources } = await graphOf(form, plan);
    const provider = one(resources, kubernetes);
    const own = [...allOf(plan, gkeTypes.cluster), ...allOf(plan, gkeTypes.nodePool)];
    expect(provider.dependsOn.map(keyOf)).toEqual(expect.arrayContaining(own.map(resourceKey)));
    expect(isHidden(provider.inputs.kubeconfig)).toBe(true);
    const kubeconfig = JSON.stringify(provider.inputs.kubeconfig);
    expect(kubeconfig).toContain("server: https://203.0.113.7\\n");
    expect(kubeconfig).toContain("token: canary-access-token\\n");
    expect(kubeconfig).not.toMatch(/exec|gcloud|command/);
    expect(provider.inputs.clusterIdentifier).toMatch(
      /^projects\/demo-proj\/locations\/us-central1(-a)?\/clusters\/(shared|sluice-dep-0123456789ab)$/,
    );
    expect(provider.inputs.deleteUnreachable).toBeUndefined();
  });

  test("nothing secret is seen, neither in the plan nor by the engine", async () => {
    const { resources } = await graphOf(form, plan);
    const secrets = /canary-(token|mode|pull|key|access-token|authority)/;
    const isOpen = form === "the environment, a secret in it";
    expect(JSON.stringify(plan).replace(isOpen ? /canary-mode/g : /^$/, "")).not.toMatch(secrets);
    expect(JSON.stringify(visible(resources.map(({ inputs }) => inputs)))).not.toMatch(secrets);
    const provider = one(resources, google);
    expect(Object.keys(provider.inputs).join(" ")).not.toMatch(/token|credential/i);
  });

  test("what goes before a step is where it belongs, and nowhere else", async () => {
    const { resources, hooks } = await graphOf(form, plan);
    for (const { type, beforeCreate, beforeUpdate, beforeDelete } of resources) {
      expect({ type, create: beforeCreate, update: beforeUpdate, delete: beforeDelete }).toEqual({
        type,
        create: stepsBefore.create[type] ?? [],
        update: stepsBefore.update[type] ?? [],
        delete: stepsBefore.delete[type] ?? [],
      });
    }
    // A state names what goes before a deletion: every run has to have it.
    expect([...hooks].sort()).toEqual(everyHook);
    expect([...(await graphOf(form, [])).hooks].sort()).toEqual(everyHook);
  });

  test("a backend service comes after the pods of its group, and the namespace goes before the nodes", () => {
    for (const service of allOf(plan, gkeTypes.backendService)) {
      const first = before(plan, service);
      expect([...first].some((key) => key.startsWith(kubernetesTypes.deployment))).toBe(true);
      expect(first).toContain(`${gkeTypes.firewall}::firewall`);
    }
    const namespace = before(plan, find(plan, kubernetesTypes.namespace));
    for (const pool of allOf(plan, gkeTypes.nodePool)) expect(namespace).toContain(resourceKey(pool));
  });
});

const keep = ["keep"];
const stepsBefore: Record<"create" | "update" | "delete", Record<string, string[]>> = {
  create: { [gkeTypes.backendService]: ["groups-there"], [gkeTypes.backendBucket]: ["files"] },
  update: { [kubernetesTypes.deployment]: ["replicas"], [gkeTypes.bucket]: ["files"] },
  delete: {
    [gkeTypes.network]: ["keep", "firewalls"],
    [gkeTypes.subnetwork]: keep,
    [gkeTypes.cluster]: keep,
    [gkeTypes.globalAddress]: keep,
    [gkeTypes.address]: keep,
    [gkeTypes.backendService]: ["in-peace"],
    [kubernetesTypes.namespace]: ["groups"],
  },
};
const everyHook = ["files", "firewalls", "groups", "groups-there", "in-peace", "keep", "replicas"];

const usual = "keys, so HAProxy routes";

test("Google's provider knows the project and where its APIs are; Google itself needs no address", async () => {
  const provider = one((await graphOf(usual, planOf(usual))).resources, google);
  expect(provider.inputs).toMatchObject({
    project: "demo-proj",
    region: "us-central1",
    addPulumiAttributionLabel: "false",
    computeCustomEndpoint: "http://127.0.0.1:1/compute/beta/",
    containerCustomEndpoint: "http://127.0.0.1:1/container/v1beta1/",
    storageCustomEndpoint: "http://127.0.0.1:1/storage/v1/",
    iamCustomEndpoint: "http://127.0.0.1:1/iam/v1/",
  });
  const real = one((await graphOf(usual, planOf(usual), { endpoints: null })).resources, google);
  expect(Object.keys(real.inputs).filter((name) => name.endsWith("Endpoint"))).toEqual([]);
});

test("the first sizes aren't looked at again, and a Deployment may take long to change", async () => {
  const { resources } = await graphOf(usual, planOf(usual));
  const ignoring = resources.filter(({ ignoreChanges }) => ignoreChanges.length > 0);
  expect(ignoring.map(({ type, ignoreChanges }) => [type, ignoreChanges])).toEqual([
    [gkeTypes.cluster, ["initialNodeCount"]],
    [gkeTypes.nodePool, ["initialNodeCount"]],
  ]);
  const patient = resources.filter(({ updateTimeout }) => updateTimeout !== "");
  expect(new Set(patient.map(({ type, updateTimeout }) => `${type} ${updateTimeout}`))).toEqual(
    new Set([`${kubernetesTypes.deployment} 20m`]),
  );
});

test("what is there already is taken over by its id", async () => {
  const id = "projects/demo-proj/global/networks/sluice-dep-0123456789ab";
  const imports = new Map([[`${gkeTypes.network}::network`, id]]);
  const { resources } = await graphOf(usual, planOf(usual), { imports });
  expect(
    resources.filter(({ importId }) => importId !== "").map(({ type, importId }) => [type, importId]),
  ).toEqual([[gkeTypes.network, id]]);
});

test("the address is the result, and told as soon as it is reserved", async () => {
  const told: string[] = [];
  const onAddress = (ip: string) => void told.push(ip);
  expect(Object.keys((await graphOf(usual, planOf(usual), { onAddress })).outputs)).toEqual(["address"]);
  await graphOf("layer 4", planOf("layer 4"), { onAddress });
  await expect.poll(() => told).toEqual(["203.0.113.10", "203.0.113.20"]);
});

test("for a tear-down Google says where the cluster is", async () => {
  const api = apiForTest(({ path }) =>
    path === `projects/demo-proj/locations/us-central1-a/clusters/sluice-${deploymentForTest}`
      ? { endpoint: "203.0.113.9", masterAuth: clusterForTest.masterAuth }
      : null,
  );
  const { resources, outputs } = await graphOf(usual, [], { api });
  expect(resources.map(({ type }) => type).sort()).toEqual([google, kubernetes].sort());
  expect(JSON.stringify(one(resources, kubernetes).inputs.kubeconfig)).toContain("https://203.0.113.9");
  expect(outputs).toEqual({});
});

test("with the cluster gone, what was in it is forgotten; but nothing is made in one that isn't there", async () => {
  const api = apiForTest();
  const { resources } = await graphOf(usual, [], { api });
  expect(one(resources, kubernetes).inputs.deleteUnreachable).toBe("true");
  const form = "an existing cluster";
  const program = gkeProgram(inputForTest(form, { api }))(planOf(form));
  await expect(registeredBy(program, answers)).rejects.toThrow(
    "The cluster shared in us-central1-a isn't there",
  );
});

test("a token that is nearly over isn't handed on", async () => {
  const minted = ["old-token", "new-token"];
  const dropped: string[] = [];
  const api = apiForTest(({ path }) => (path.endsWith("/shared") ? clusterForTest : null));
  const tokens = {
    ...api.tokens,
    token: async () => ({
      value: minted[0]!,
      expires: new Date(Date.now() + (minted.length === 2 ? 20 : 60) * 60_000),
    }),
    drop: (value: string) => {
      dropped.push(value);
      minted.shift();
    },
  };
  const form = "an existing cluster";
  const { resources } = await graphOf(form, planOf(form), { api: { ...api, tokens } });
  expect(JSON.stringify(one(resources, kubernetes).inputs.kubeconfig)).toContain("token: new-token");
  expect(dropped).toEqual(["old-token"]);
});
