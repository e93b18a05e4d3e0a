import { describe, expect, test } from "vitest";
import {
  expectFailed,
  ended,
  leavesNothing,
  named,
  operated,
  plain,
} from "#e2e/cluster/portal/in-trouble.ts";
import { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";
import { portalProcess } from "#e2e/portal/machine.ts";
import type { DriftView } from "#lib/deployments/drift.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { namespaceOf, objectNames } from "#lib/targets/kubernetes/settings.ts";

describe.concurrent("a namespace that others reach into", () => {
  test("a namespace that is somebody else's: namespace_taken, and it stays as it is", async ({ skip }) => {
    await using on = new OnCluster();
    const { own } = on.place;
    if (!own) return skip("needs images of the test cluster's own");
    const worker = portalProcess("infra/worker/main.ts");
    process.kill(worker, "SIGSTOP");
    let deployment: DeploymentView;
    let taken: string;
    try {
      deployment = await on.api.deploy(named(on, plain(own.echoImages[0])));
      on.tearDownLater(deployment);
      const name = namespaceOf(deployment.id);
      taken = `/api/v1/namespaces/${name}`;
      const metadata = { name, labels: { "app.kubernetes.io/managed-by": "somebody" } };
      await on.request("/api/v1/namespaces", {
        method: "POST",
        body: { apiVersion: "v1", kind: "Namespace", metadata },
      });
      const secret = {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "env" },
        stringData: { THEIRS: "1" },
      };
      await on.request(`${taken}/secrets`, { method: "POST", body: secret });
    } finally {
      process.kill(worker, "SIGCONT");
    }
    const failed = await ended(on, deployment, deployment.operation.id);
    expectFailed(
      failed,
      "namespace_taken",
      /isn't labelled as this deployment's.*Rename or delete it, then retry.*Nothing of it was made/s,
    );
    // Torn down, it is still theirs: nothing of it was ever touched.
    expect(await operated(on, "DELETE", deployment)).toMatchObject({
      status: "destroyed",
      receipt: { remaining: [] },
    });
    const { metadata } = (await on.request(taken)) as {
      metadata: { labels: Record<string, string>; deletionTimestamp?: string };
    };
    expect(metadata.labels["app.kubernetes.io/managed-by"]).toBe("somebody");
    expect(metadata.deletionTimestamp).toBeUndefined();
    const { items } = (await on.request(`${taken}/secrets`)) as { items: { metadata: { name: string } }[] };
    expect(items.map((item) => item.metadata.name)).toEqual(["env"]);
    await on.request(taken, { method: "DELETE" });
  });

  test("what others have in ours under a name that is needed: name_taken, it stays, and once it is gone a retry serves", async ({
    skip,
  }) => {
    await using on = new OnCluster();
    const { own } = on.place;
    if (!own) return skip("needs images of the test cluster's own");
    const deployment = await on.deploy(plain(own.echoImages[0]));
    const place = `/api/v1/namespaces/${namespaceOf(deployment.id)}`;
    const theirs = { configmaps: objectNames.proxy, secrets: objectNames.proxyKeys };
    const dataOf = async () =>
      Promise.all(
        Object.entries(theirs).map(
          async ([kind, name]) => (await on.request(`${place}/${kind}/${name}`)).data,
        ),
      );
    const metadata = { labels: { "app.kubernetes.io/managed-by": "somebody" } };
    for (const [kind, name] of Object.entries(theirs)) {
      const body = { metadata: { name, ...metadata }, data: { theirs: "MQ==" } };
      await on.request(`${place}/${kind}`, { method: "POST", body });
    }
    const change = await on.api.send<DeploymentView>("PATCH", `/deployments/${deployment.id}`, {
      routing: { layer: 7 },
      endpoint: { access: "private" },
    });
    expect(change).toMatchObject({ status: 200 });
    const refused = await ended(on, deployment, change.body.operation.id);
    expect(refused).toMatchObject({ status: "degraded", statusCode: "name_taken" });
    expect(refused.statusMessage).toMatch(
      /already has ConfigMap proxy, Secret proxy-keys, which aren't labelled.*nothing was changed\. Delete them.*then retry.*still answers/s,
    );
    expect((await on.call(deployment)).status).toBe(200);
    expect(await dataOf()).toEqual([{ theirs: "MQ==" }, { theirs: "MQ==" }]);
    for (const [kind, name] of Object.entries(theirs))
      await on.request(`${place}/${kind}/${name}`, { method: "DELETE" });
    const retried = await operated(on, "POST", deployment, "/retry");
    expect(retried).toMatchObject({ status: "ready", statusCode: null });
    expect((await on.call({ ...retried, endpoint: retried.endpoint! })).status).toBe(200);
  });

  test("a namespace that is deleted by hand: objects_missing, put right, and it serves", async ({ skip }) => {
    await using on = new OnCluster();
    const { own } = on.place;
    if (!own) return skip("needs images of the test cluster's own");
    const deployment = await on.deploy(plain(own.echoImages[0]));
    await on.takeAway(deployment);
    const missing = await on.api.until(
      deployment.id,
      ({ statusCode }) => statusCode === "objects_missing",
      60,
    );
    expect(missing).toMatchObject({ status: "degraded", replicas: { ready: 0 } });
    await on.api.send("POST", `/deployments/${deployment.id}/drift`);
    const found = await waitUntil("the look at the cluster", async () => {
      const { body } = await on.api.send<DriftView>("GET", `/deployments/${deployment.id}/drift`);
      return !body.checking && body;
    });
    expect(found.items.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`)).toContain(
      "Deployment model-main",
    );
    const repaired = await operated(on, "POST", deployment, "/repair");
    expect(repaired).toMatchObject({ status: "ready", statusCode: null });
    expect((await on.call({ ...repaired, endpoint: repaired.endpoint! })).status).toBe(200);
    await leavesNothing(on, deployment);
  });
});
