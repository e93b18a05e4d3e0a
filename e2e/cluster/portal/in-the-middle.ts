import { expect } from "vitest";
import { named, operated, plain } from "#e2e/cluster/portal/in-trouble.ts";
import { type OnCluster, type Pod } from "#e2e/cluster/portal/on-cluster.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";

/** A deployment whose engine waits, for some seconds, until a pod that is there already gets ready. */
export async function beingDeployed(
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
export async function adopted(on: OnCluster, deployment: DeploymentView, uid: string): Promise<void> {
  const retried = await operated(on, "POST", deployment, "/retry");
  expect(retried).toMatchObject({ status: "ready", statusCode: null, operation: { status: "succeeded" } });
  expect(await uidOf(on, deployment)).toBe(uid);
  expect(await on.podsReady(deployment, "model", 1)).toHaveLength(1);
  expect((await on.call({ ...retried, endpoint: retried.endpoint! })).status).toBe(200);
}
