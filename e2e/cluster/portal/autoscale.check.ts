import { expect, test } from "vitest";
import { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";
import { Traffic } from "#e2e/cluster/portal/traffic.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";

test("replicas come under load and go after it, and no request fails", { timeout: 400_000 }, async () => {
  await using on = new OnCluster();
  const deployment = await on.deploy({
    model: { preset: "sentiment" },
    scaling: { minReplicas: 1, maxReplicas: 3, metric: "cpu", targetCpuPercent: 60, scaleDownSeconds: 15 },
    resources: { cpu: "50m", memory: "256Mi" },
  });
  const desired = async () => (await on.api.get(deployment.id)).replicas.desired;
  expect(await desired()).toBe(1);
  {
    await using traffic = new Traffic(4, (headers) => on.call(deployment, headers), 5);
    await waitUntil("more replicas to be wanted", async () => (await desired()) > 1, 120_000);
    await waitUntil("more replicas to be ready", async () => (await on.pods(deployment, "model")).length > 1);
    await traffic.end();
    expect(traffic.failed).toEqual([]);
  }
  await waitUntil("one replica to be wanted again", async () => (await desired()) === 1, 150_000);
  await on.podsReady(deployment, "model", 1);
  expect((await on.call(deployment)).status).toBe(200);
});
