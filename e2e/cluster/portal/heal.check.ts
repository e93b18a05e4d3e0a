import { expect, test } from "vitest";
import { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";
import { Traffic } from "#e2e/cluster/portal/traffic.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";

test("a pod that is killed is replaced, which the portal sees, and the endpoint answers on", async () => {
  await using on = new OnCluster();
  const deployment = await on.deploy({
    model: { preset: "sentiment" },
    scaling: { minReplicas: 2, metric: "none" },
    resources: { cpu: "50m", memory: "256Mi" },
  });
  const [killed] = await on.podsReady(deployment, "model", 2);
  const { namespace, name } = killed.metadata as { namespace: string; name: string };
  const callers = 4;
  await using traffic = new Traffic(callers, (headers) => on.call(deployment, headers));
  await on.request(`/api/v1/namespaces/${namespace}/pods/${name}?gracePeriodSeconds=0`, { method: "DELETE" });
  const healed = await on.podsReady(deployment, "model", 2);
  expect(healed.map((pod) => pod.metadata.name as string)).not.toContain(name);
  await waitUntil("the portal to see both replicas, the new one among them", async () => {
    const { body } = await on.api.send<{ items: { pod: string; state: string }[] }>(
      "GET",
      `/deployments/${deployment.id}/replicas`,
    );
    const ready = body.items.filter(({ state }) => state === "ready").map((replica) => replica.pod);
    return healed.every((pod) => ready.includes(pod.metadata.name as string));
  });
  await waitUntil(
    "the deployment to be ready",
    async () => (await on.api.get(deployment.id)).status === "ready",
  );
  await traffic.end();
  expect(traffic.answers.length).toBeGreaterThan(100);
  // What it was working on goes with it, and no more than that.
  expect(traffic.failed.length).toBeLessThanOrEqual(callers);
});
