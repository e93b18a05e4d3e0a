import { test } from "vitest";
import { checked, leavesNothing, named, plain } from "#e2e/cluster/portal/in-trouble.ts";
import { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";

test("no metrics API: scaling by processor is refused by its field; where it goes later, that is said and it serves on", async ({
  skip,
  expect,
  onTestFinished,
}) => {
  await using on = new OnCluster();
  const { own } = on.place;
  if (!own) return skip("needs a metrics API of the test's own");
  const scaling = { minReplicas: 1, maxReplicas: 2, metric: "cpu" };
  const deployment = await on.deploy({ ...plain(own.echoImages[0]), scaling });
  const path = "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io";
  const { spec, kind, apiVersion, metadata } = await on.request(path);
  await on.request(path, { method: "DELETE" });
  onTestFinished(async () => {
    const body = { apiVersion, kind, metadata: { name: metadata.name as string }, spec: spec as object };
    await on.request("/apis/apiregistration.k8s.io/v1/apiservices", { method: "POST", body });
    await waitUntil(
      "metrics",
      async () => (await on.ask("/apis/metrics.k8s.io/v1beta1/nodes")).status === 200,
    );
    await checked(on);
  });
  expect((await checked(on)).cluster?.offers?.autoscaling).toBe(false);
  const refused = await on.api.send<{ errors: object[] }>(
    "POST",
    "/deployments",
    named(on, { ...plain(own.echoImages[0]), scaling }),
  );
  expect(refused.status).toBe(422);
  expect(refused.body.errors).toMatchObject([
    { field: "scaling.metric", message: expect.stringContaining("no metrics API") as string },
  ]);

  await waitUntil(
    "the portal to say that it can't scale",
    async () => {
      const { body } = await on.api.send<{ items: { reason: string }[] }>(
        "GET",
        `/deployments/${deployment.id}/scale-steps`,
      );
      return body.items.some(({ reason }) => reason.includes("metrics API (metrics-server)"));
    },
    180_000,
  );
  expect(await on.api.get(deployment.id)).toMatchObject({ status: "ready", replicas: { ready: 1 } });
  expect((await on.call(deployment)).status).toBe(200);
  await leavesNothing(on, deployment);
});
