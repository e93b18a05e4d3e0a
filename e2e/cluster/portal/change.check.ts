import { expect, test } from "vitest";
import { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";
import { Traffic } from "#e2e/cluster/portal/traffic.ts";

test("images and the algorithm are changed under steady traffic, models and HAProxy alike, and no request fails", async ({
  skip,
}) => {
  await using on = new OnCluster();
  if (!on.place.own) return skip("needs images of the test cluster's own");
  const [before, after] = on.place.own.echoImages;
  const model = (image: string) => ({ model: { image, port: 8080, healthPath: "/healthz" } });
  const deployment = await on.deploy({
    ...model(before),
    scaling: { minReplicas: 2, metric: "none" },
    resources: { cpu: "20m", memory: "32Mi" },
  });
  const all = [
    ...(await on.podsReady(deployment, "model", 2)),
    ...(await on.podsReady(deployment, "proxy", 2)),
  ];
  const old = all.map(({ metadata }) => metadata.uid as string);
  await using traffic = new Traffic(4, (headers) => on.call(deployment, headers));
  await on.change(deployment, { ...model(after), routing: { algorithm: "round-robin" } });
  const pods = await on.podsReady(deployment, "model", 2);
  expect(pods.map(({ spec }) => spec.containers[0].image as string)).toEqual([after, after]);
  await on.podsReady(deployment, "proxy", 2);
  // They are asked until the last of those that were replaced has gone.
  await on.gone(deployment, old);
  await traffic.end();
  expect(traffic.answers.length).toBeGreaterThan(100);
  expect(traffic.failed).toEqual([]);
});
