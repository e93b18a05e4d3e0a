import { expect, test } from "vitest";
import { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";
import { addSimulatedNodes, removeSimulatedNodes } from "#e2e/cluster/simulated-nodes.ts";

test("replicas are spread over the nodes there are", async ({ skip, onTestFinished }) => {
  await using on = new OnCluster();
  if (!on.place.own) return skip("needs nodes of the test cluster's own");
  const deployment = await on.deploy({
    model: { preset: "sentiment" },
    scaling: { minReplicas: 1, metric: "none" },
    resources: { cpu: "20m", memory: "256Mi" },
  });
  const { admin } = on.place;
  onTestFinished(() => removeSimulatedNodes(admin));
  // Too small for HAProxy, which has to run for real.
  const names = await addSimulatedNodes(admin, { count: 3, capacity: { cpu: "90m" } });
  await on.change(deployment, { scaling: { minReplicas: 4, maxReplicas: 4, metric: "none" } });
  const pods = await on.podsReady(deployment, "model", 4);
  const nodes = new Set(pods.map(({ spec }) => spec.nodeName as string));
  expect(nodes.size).toBe(4);
  expect([...nodes]).toEqual(expect.arrayContaining(names));
  expect((await on.call(deployment)).status).toBe(200);
});
