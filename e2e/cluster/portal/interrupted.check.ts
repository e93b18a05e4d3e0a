import { expect, test } from "vitest";
import { turnApiServer } from "#e2e/cluster/portal/api-server-switch.ts";
import {
  ended,
  expectFailed,
  leavesNothing,
  named,
  operated,
  plain,
} from "#e2e/cluster/portal/in-trouble.ts";
import { OnCluster, type Pod } from "#e2e/cluster/portal/on-cluster.ts";
import { whatIsLeft } from "#e2e/cluster/portal/what-is-left.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";
import { portalProcess } from "#e2e/portal/machine.ts";
import type { DriftView } from "#lib/deployments/drift.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";

/** A deployment whose engine waits, for some seconds, until a pod that is there already gets ready. */
async function beingDeployed(
  on: OnCluster,
  image: string,
): Promise<{ deployment: DeploymentView; uid: string }> {
  const env = [{ name: "START_SECONDS", value: "12" }];
  const deployment = await on.api.deploy(named(on, { ...plain(image), env }));
  on.tearDownLater(deployment);
  await waitUntil("a pod", async () =>
    (await on.pods(deployment, "model")).some(({ spec }: Pod) => spec.nodeName),
  );
  return { deployment, uid: await uidOf(on, deployment) };
}

/** Of the Deployment with the replicas: another one if it was made anew. */
async function uidOf(on: OnCluster, { id }: { id: string }): Promise<string> {
  const path = `/apis/apps/v1/namespaces/${namespaceOf(id)}/deployments/model-main`;
  return ((await on.request(path)) as { metadata: { uid: string } }).metadata.uid;
}

/** A retry has gone on with what was there: nothing was made twice. */
async function adopted(on: OnCluster, deployment: DeploymentView, uid: string): Promise<void> {
  const retried = await operated(on, "POST", deployment, "/retry");
  expect(retried).toMatchObject({ status: "ready", statusCode: null, operation: { status: "succeeded" } });
  expect(await uidOf(on, deployment)).toBe(uid);
  expect(await on.podsReady(deployment, "model", 1)).toHaveLength(1);
  expect((await on.call({ ...retried, endpoint: retried.endpoint! })).status).toBe(200);
}

test("the API server goes in the middle of a deploy: target_unreachable; once it is back, a retry adopts what exists", async ({
  skip,
}) => {
  await using on = new OnCluster();
  const { own } = on.place;
  if (!own) return skip("needs an API server of the test's own");
  const { deployment, uid } = await beingDeployed(on, own.echoImages[0]);
  await turnApiServer(own.apiServerSwitch, "off");
  try {
    const failed = await ended(on, deployment, deployment.operation.id);
    expectFailed(
      failed,
      "target_unreachable",
      /Nothing listens at the cluster's address.*Then retry\..*This exists/s,
    );
    expectFailed(await operated(on, "POST", deployment, "/retry"), "target_unreachable", /Then retry\./);
  } finally {
    await turnApiServer(own.apiServerSwitch, "on");
  }
  await adopted(on, deployment, uid);
  await leavesNothing(on, deployment);
});

test("the API server is gone at a tear-down: it can be torn down later, or forgotten with a list of what stays", async ({
  skip,
}) => {
  await using on = new OnCluster();
  const { own } = on.place;
  if (!own) return skip("needs an API server of the test's own");
  const later = await on.deploy(plain(own.echoImages[0]));
  const never = await on.deploy(plain(own.echoImages[0]));
  const there = await whatIsLeft(on, never);
  await turnApiServer(own.apiServerSwitch, "off");
  try {
    for (const deployment of [later, never]) {
      expectFailed(
        await operated(on, "DELETE", deployment),
        "target_unreachable",
        /Then retry\..*tearing it down again/s,
      );
    }
    const forgotten = await on.api.send<DeploymentView>("POST", `/deployments/${never.id}/forget`);
    expect(forgotten).toMatchObject({ status: 200, body: { status: "destroyed" } });
    const namespace = namespaceOf(never.id);
    const listed = forgotten.body.receipt?.remaining.map(({ what }) => what);
    expect(listed).toEqual(
      expect.arrayContaining([
        `Namespace ${namespace}`,
        `Deployment ${namespace}/model-main`,
        `Service ${namespace}/endpoint`,
      ]),
    );
  } finally {
    await turnApiServer(own.apiServerSwitch, "on");
  }
  expect(await operated(on, "POST", later, "/retry")).toMatchObject({
    status: "destroyed",
    receipt: { remaining: [] },
  });
  expect(await whatIsLeft(on, later)).toEqual([]);
  // What the list says is there, and is all of it.
  const isOurs = (what: string) => /^(Namespace|Deployment|Service|PodDisruptionBudget) /.test(what);
  expect((await whatIsLeft(on, never)).filter(isOurs)).toEqual(there.filter(isOurs));
  await on.takeAway(never);
  await waitUntil("it to be gone", async () => (await whatIsLeft(on, never)).length === 0);
});

test("the worker is killed in the middle of a deploy: interrupted, and a retry adopts what exists", async ({
  skip,
}) => {
  await using on = new OnCluster();
  const { own } = on.place;
  if (!own) return skip("needs images of the test cluster's own");
  const { deployment, uid } = await beingDeployed(on, own.echoImages[0]);
  process.kill(portalProcess("infra/worker/main.ts"), "SIGKILL");
  const stopped = await ended(on, deployment, deployment.operation.id);
  expectFailed(stopped, "interrupted", /The worker stopped in the middle of it\. Retry/);
  expect(stopped.operation.status).toBe("interrupted");
  await adopted(on, deployment, uid);
  await leavesNothing(on, deployment);
});

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

test("a namespace that is deleted by hand: objects_missing, put right, and it serves", async ({ skip }) => {
  await using on = new OnCluster();
  const { own } = on.place;
  if (!own) return skip("needs images of the test cluster's own");
  const deployment = await on.deploy(plain(own.echoImages[0]));
  await on.takeAway(deployment);
  const missing = await on.api.until(deployment.id, ({ statusCode }) => statusCode === "objects_missing", 60);
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
