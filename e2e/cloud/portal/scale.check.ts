import { expect, test } from "vitest";
import { hasCloud, OnGoogle } from "#e2e/cloud/portal/on-google.ts";
import { Traffic } from "#e2e/cluster/portal/traffic.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";

test.skipIf(!hasCloud)(
  "replicas come under load behind Google's load balancer, the same once more leaves them, and no request fails",
  async () => {
    await using on = await OnGoogle.open();
    // None of them goes again while this lasts.
    const scaling = {
      minReplicas: 1,
      maxReplicas: 3,
      metric: "cpu",
      targetCpuPercent: 60,
      scaleDownSeconds: 300,
    };
    const deployment = await on.deploy({
      endpoint: { access: "open" },
      model: { preset: "sentiment" },
      scaling,
      resources: { cpu: "50m", memory: "256Mi" },
    });
    await using traffic = new Traffic(4, (headers) => on.call(deployment, headers), 5);
    await waitUntil(
      "more replicas to be ready",
      async () => (await on.api.get(deployment.id)).replicas.ready > 1,
      150_000,
    );
    const groups = (await on.left()).filter((key) => key.includes("/networkEndpointGroups/"));
    await waitUntil("their addresses to be in the group", async () => {
      const bodies = await Promise.all(groups.map((key) => on.cloud.bodyOf(key)));
      return bodies.some((body) => ((body?.["x-endpoints"] ?? []) as unknown[]).length > 1);
    });
    const uids = async () =>
      (await on.pods(deployment, "model")).map(({ metadata }) => metadata.uid as string);
    const scaled = await uids();
    await on.staysAsItIs(deployment, { scaling });
    expect(await uids()).toEqual(expect.arrayContaining(scaled));
    await traffic.end();
    expect(traffic.failed).toEqual([]);
  },
);
