import * as pulumi from "@pulumi/pulumi";
import type { ApiClient, KubernetesObject } from "#infra/kubernetes/api-client.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";

/** Whose the count of replicas is, as the API server keeps it, until an autoscaler changes it. */
const fieldManager = "sluice-autoscaler";

/** A Deployment's inputs, as far as they are read here. */
type Inputs = { metadata?: { name?: string; namespace?: string }; spec?: { replicas?: number } };

/**
 * Goes before the change of a Deployment, and sees to it that its count of replicas is where it belongs:
 * - From a fixed count to an autoscaler: a field that its only owner leaves out of what it applies goes back to its
 *   default, and all replicas but one would end at once. So another owner takes over the count that there is
 *   (Kubernetes' documentation of server-side apply, "Transferring ownership").
 * - From an autoscaler to a fixed count: the engine deletes last, and until then the autoscaler would undo the count.
 *   So the autoscaler goes first; the engine finds it gone. Should that change fail, the
 *   engine still remembers an autoscaler: the next change looks whether it is there (`mayBeDirty`).
 *
 * @param name of the hook; the engine's state keeps it
 * @param openApi connects to the cluster; the client is closed here
 */
export function replicasHook(name: string, openApi: () => Promise<ApiClient>): pulumi.ResourceHook {
  return new pulumi.ResourceHook(name, async ({ oldInputs, newInputs }) => {
    const [before, after] = [oldInputs, newInputs] as [Inputs | undefined, Inputs | undefined];
    const wasFixed = before?.spec?.replicas !== undefined;
    const isFixed = after?.spec?.replicas !== undefined;
    const { name: deployment = "", namespace = "" } = after?.metadata ?? {};
    if (wasFixed === isFixed || deployment === "") return;
    const api = await openApi();
    try {
      await (isFixed ? endAutoscaler(api, namespace, deployment) : handOver(api, namespace, deployment));
    } finally {
      api.close();
    }
  });
}

async function handOver(api: ApiClient, namespace: string, name: string): Promise<void> {
  const kind = { apiVersion: "apps/v1", kind: "Deployment" };
  const path = objectPath({ ...kind, namespace, name });
  const live = await api.find(path);
  if (!live) return;
  const { replicas } = live.spec as { replicas?: number };
  await api.request({
    method: "PATCH",
    path: `${path}?fieldManager=${fieldManager}&force=true`,
    contentType: "application/apply-patch+yaml",
    body: { ...kind, metadata: { name, namespace }, spec: { replicas } } satisfies KubernetesObject,
  });
}

/** It has its Deployment's name. */
async function endAutoscaler(api: ApiClient, namespace: string, name: string): Promise<void> {
  const path = objectPath({
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    namespace,
    name,
  });
  if (await api.find(path)) await api.request({ method: "DELETE", path });
}
