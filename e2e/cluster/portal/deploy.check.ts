import { expect, test } from "vitest";
import { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";
import { whatIsLeft } from "#e2e/cluster/portal/what-is-left.ts";

const text = { text: "What a wonderful day." };

test("our sentiment image is deployed, answers who has a key and nobody else, and is torn down to nothing", async () => {
  await using on = new OnCluster();
  const { body: target } = await on.api.send("GET", `/targets/${on.place.target}`);
  expect(target).toMatchObject({ available: true, cluster: { state: "ready" } });
  const deployment = await on.deploy({
    model: { preset: "sentiment" },
    scaling: { minReplicas: 2, metric: "none" },
    resources: { cpu: "50m", memory: "256Mi" },
  });
  // The worker looks at pods every few seconds.
  const seen = await on.api.until(deployment.id, ({ replicas }) => replicas.ready > 1, 30);
  expect(seen.replicas).toEqual({ desired: 2, ready: 2 });

  const answer = await on.api.predict(deployment, text);
  expect(await answer.json()).toMatchObject({ sentiment: { label: "positive" } });
  const pods = (await on.podsReady(deployment, "model", 2)).map(({ metadata }) => metadata.name as string);
  expect(pods).toContain(answer.headers.get("x-sluice-replica"));
  expect((await on.api.predict(deployment, text, "")).status).toBe(401);
  expect((await on.api.predict(deployment, text, `${on.api.key}x`)).status).toBe(401);
  expect(await whatIsLeft(on, deployment)).not.toEqual([]);

  const gone = await on.destroy(deployment);
  expect(gone).toMatchObject({ status: "destroyed", receipt: { remaining: [] } });
  expect(await whatIsLeft(on, deployment)).toEqual([]);
  await expect(on.api.predict(deployment, text)).rejects.toThrow("fetch failed");
});
