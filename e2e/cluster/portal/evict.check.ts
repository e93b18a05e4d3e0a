import { expect, test } from "vitest";
import { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";
import { Traffic } from "#e2e/cluster/portal/traffic.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";

test("each pod is evicted under steady traffic, models and HAProxy alike, and no request fails", async () => {
  await using on = new OnCluster();
  const deployment = await on.deploy({
    model: { preset: "sentiment" },
    scaling: { minReplicas: 2, metric: "none" },
    resources: { cpu: "50m", memory: "256Mi" },
  });
  const pods = [
    ...(await on.podsReady(deployment, "model", 2)),
    ...(await on.podsReady(deployment, "proxy", 2)),
  ];
  await using traffic = new Traffic(4, (headers) => on.call(deployment, headers));
  for (const pod of pods) {
    const { namespace, name } = pod.metadata as { namespace: string; name: string };
    const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } };
    // 429 while the budget has none to give: another of its kind isn't ready again.
    await waitUntil(`${name} to be evicted`, async () => {
      const answer = await on.ask(`/api/v1/namespaces/${namespace}/pods/${name}/eviction`, {
        method: "POST",
        body,
      });
      if (answer.status !== 429) expect(answer.status).toBe(201);
      return answer.status === 201;
    });
  }
  const now = [
    ...(await on.podsReady(deployment, "model", 2)),
    ...(await on.podsReady(deployment, "proxy", 2)),
  ];
  const uids = pods.map(({ metadata }) => metadata.uid as string);
  expect(now.filter(({ metadata }) => uids.includes(metadata.uid as string))).toEqual([]);
  await on.gone(deployment, uids);
  await traffic.end();
  expect(traffic.answers.length).toBeGreaterThan(100);
  expect(traffic.failed).toEqual([]);
});
