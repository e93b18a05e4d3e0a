import { afterAll, beforeAll, expect, test } from "vitest";
import { apiForTest } from "#e2e/cloud/api-for-test.ts";
import { knownCluster } from "#e2e/cloud/controller/world.ts";
import { clusterBody, clusters, makeNetwork, must } from "#e2e/cloud/google/graph-for-test.ts";

let held: Awaited<ReturnType<typeof apiForTest>>;
beforeAll(async () => {
  held = await apiForTest();
});
afterAll(() => held.google.close());

const key = clusters.replace("/container/v1beta1", "container") + "/c";
const zones = () => knownCluster(held.google, key)?.zones;

test("controllers work in the zones in which a cluster has nodes, whatever it says of its own", async () => {
  const { ask } = held;
  await makeNetwork(ask);
  await must(ask, "POST", clusters, clusterBody());
  expect(zones()).toEqual(["us-central1-a"]);
  const nodePool = { name: "two", initialNodeCount: 1, locations: ["us-central1-c", "us-central1-b"] };
  await must(ask, "POST", `${clusters}/c/nodePools`, { nodePool });
  expect(zones()).toEqual(["us-central1-a", "us-central1-b", "us-central1-c"]);
  await must(ask, "DELETE", `${clusters}/c/nodePools/default-pool`);
  expect(zones()).toEqual(["us-central1-b", "us-central1-c"]);
  expect(held.google.store.get(key)?.body.locations).toEqual(["us-central1-a"]);
  await must(ask, "DELETE", `${clusters}/c`);
  expect(zones()).toBeUndefined();
});
