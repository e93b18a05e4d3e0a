import { expect, test } from "vitest";
import { diffPlan } from "#lib/targets/diff-plan.ts";
import { ownClusterForTest } from "#lib/targets/gke/forms-for-test.ts";
import { find, planOf } from "#lib/targets/gke/plan-for-test.ts";
import { refuseLoss } from "#lib/targets/gke/refuse-loss.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

const usual = planOf("keys, so HAProxy routes");

test("what changes nothing of the cluster, the network and the address is let through", () => {
  const others = ["open to all, so Google routes", "two variants with rules", "a domain", "static content"];
  for (const form of others) expect(refuseLoss(usual, planOf(form)), form).toBeNull();
  const cluster = {
    ...ownClusterForTest,
    machineType: "n1-standard-4",
    spot: true,
    minNodes: 1,
    maxNodes: 9,
  };
  expect(refuseLoss(usual, planOf("keys, so HAProxy routes", { cluster }))).toBeNull();
  expect(refuseLoss([], usual)).toBeNull();
});

test.each([
  ["layer 4", /^The change would delete the address for good\. /],
  [
    "an existing cluster",
    /the network for good, and the network's addresses for good, and the cluster for good/,
  ],
  ["a chosen network", /the cluster to make it anew \(ipAllocationPolicy, network, subnetwork\)/],
  ["a region's cluster", /the cluster to make it anew \(location\)/],
])("a change to %s is refused, with what would be lost", (form, sentence) => {
  expect(refuseLoss(usual, planOf(form))).toMatch(sentence);
});

test("the pool's first size counts when it is made alone: later the autoscaler has it", () => {
  const cluster = { ...ownClusterForTest, minNodes: 1 };
  const fewer = planOf("keys, so HAProxy routes", { cluster });
  const change = (plan: PlannedResource[], after: PlannedResource[]) =>
    diffPlan(plan, after).find(({ type }) => type === gkeTypes.nodePool);
  expect(change(usual, fewer)).toMatchObject({ change: "update", fields: ["autoscaling"] });
  // What the engine remembers after that is the size that it was made with.
  const pool = find(fewer, gkeTypes.nodePool);
  const remembered = fewer.map((one) =>
    one === pool ? { ...one, inputs: { ...one.inputs, initialNodeCount: 3 } } : one,
  );
  expect(change(remembered, fewer)).toMatchObject({ change: "same" });
});

test("a plan says which parts of Google's are made anew: another machine is another pool", () => {
  const cluster = { ...ownClusterForTest, machineType: "n1-standard-4" };
  const changes = diffPlan(usual, planOf("keys, so HAProxy routes", { cluster }));
  expect(changes.filter(({ change }) => change !== "same").map(resourceKey)).toEqual([
    `${gkeTypes.nodePool}::pool`,
  ]);
  expect(changes.find(({ change }) => change !== "same")).toMatchObject({ change: "replace" });
});

test("a certificate that the engine keeps from sight is no change of it", () => {
  const plan = planOf("a given certificate");
  const sealed = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "…" };
  const remembered = plan.map((one) =>
    one.type === gkeTypes.certificate
      ? { ...one, inputs: { ...one.inputs, certificate: sealed, privateKey: sealed } }
      : one,
  );
  expect(diffPlan(remembered, plan).filter(({ change }) => change !== "same")).toEqual([]);
});

test("what was taken over loses nothing, though its plugin couldn't read every input", () => {
  const network = find(usual, gkeTypes.network);
  const { autoCreateSubnetworks: _, ...read } = network.inputs;
  const known = usual.map((one) => (one === network ? { ...one, inputs: read } : one));
  expect(refuseLoss(known, usual)).toBeNull();
});

test("what was taken over loses nothing by the whole links that Google gives", () => {
  const host = "https://www.googleapis.com/compute/beta/";
  const known = usual.map((one) =>
    one.type === gkeTypes.subnetwork || one.type === gkeTypes.cluster
      ? { ...one, inputs: { ...one.inputs, network: `${host}${String(one.inputs.network)}` } }
      : one,
  );
  expect(refuseLoss(known, usual)).toBeNull();
  const other = known.map((one) =>
    one.type === gkeTypes.subnetwork
      ? { ...one, inputs: { ...one.inputs, network: `${host}projects/demo-proj/global/networks/other` } }
      : one,
  );
  expect(refuseLoss(other, usual)).toMatch(/the network's addresses to make it anew \(network\)/);
});
