import { describe, test } from "vitest";
import { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";
import { Traffic } from "#e2e/cluster/portal/traffic.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";

describe.concurrent("scaling by processor use", () => {
  test("replicas come under load and go after it, and no request fails", async ({ expect }) => {
    await using on = new OnCluster();
    const deployment = await on.deploy({
      model: { preset: "sentiment" },
      scaling: { minReplicas: 1, maxReplicas: 3, metric: "cpu", targetCpuPercent: 60, scaleDownSeconds: 15 },
      resources: { cpu: "50m", memory: "256Mi" },
    });
    const desired = async () => (await on.api.get(deployment.id)).replicas.desired;
    // Starting took processor time, which on a slow machine looks like load for a while.
    await waitUntil("one replica to be wanted", async () => (await desired()) === 1, 150_000);
    {
      await using traffic = new Traffic(4, (headers) => on.call(deployment, headers), 5);
      await waitUntil("more replicas to be wanted", async () => (await desired()) > 1, 120_000);
      await waitUntil(
        "more replicas to be ready",
        async () => (await on.pods(deployment, "model")).length > 1,
      );
      await traffic.end();
      expect(traffic.failed).toEqual([]);
    }
    await waitUntil("one replica to be wanted again", async () => (await desired()) === 1, 150_000);
    await on.podsReady(deployment, "model", 1);
    expect((await on.call(deployment)).status).toBe(200);
  });

  test("changed to scale and back, it goes on with the replicas that it has", async ({ expect }) => {
    await using on = new OnCluster();
    const fixed = (count: number) => ({
      scaling: { minReplicas: count, maxReplicas: count, metric: "none" },
    });
    const deployment = await on.deploy({
      model: { preset: "sentiment" },
      ...fixed(3),
      resources: { cpu: "20m", memory: "256Mi" },
    });
    const uids = async (count: number) =>
      (await on.podsReady(deployment, "model", count)).map(({ metadata }) => metadata.uid as string).sort();
    const before = await uids(3);
    // So high a wish that the load of a start takes none away and brings none.
    const scaling = {
      minReplicas: 1,
      maxReplicas: 4,
      metric: "cpu",
      targetCpuPercent: 500,
      scaleDownSeconds: 3600,
    };
    await on.change(deployment, { scaling });
    expect(await uids(3)).toEqual(before);
    const autoscaler = `/apis/autoscaling/v2/namespaces/${namespaceOf(deployment.id)}/horizontalpodautoscalers/model-main`;
    await waitUntil("the HPA to know the load", async () => {
      const { status } = await on.request(autoscaler);
      return status.currentMetrics?.[0]?.resource?.current?.averageUtilization !== undefined;
    });
    await on.change(deployment, fixed(4));
    expect(await uids(4)).toEqual(expect.arrayContaining(before));
    expect((await on.ask(autoscaler)).status).toBe(404);
    expect((await on.call(deployment)).status).toBe(200);
  });
});
