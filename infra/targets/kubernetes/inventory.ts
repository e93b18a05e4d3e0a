import { apiClient, type ApiClient } from "#infra/kubernetes/api-client.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";
import type { Receipt } from "#lib/deployments/view.ts";
import { labelKeys, managedBy } from "#lib/targets/kubernetes/manifests/metadata.ts";
import { parseKubeconfig } from "#lib/targets/kubernetes/parse-kubeconfig.ts";

/**
 * What of a deployment is still in the cluster: its namespace, in which all of it is, and whatever else carries its
 * labels.
 *
 * @throws ApiError or ApiUnreachable
 */
export async function kubernetesRemaining(
  target: { kubeconfig: string },
  deploymentId: string,
): Promise<Receipt["remaining"]> {
  const api = apiClient(parseKubeconfig(target.kubeconfig, { now: new Date() }));
  try {
    const found = await ownNamespaces(api, deploymentId);
    return found.map((name) => ({ kind: "object" as const, what: `Namespace ${name}` }));
  } finally {
    api.close();
  }
}

/** Deletes the deployment's namespaces that are still there, and waits until the cluster has none. */
export async function sweepNamespaces(
  api: ApiClient,
  deploymentId: string,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const left = await ownNamespaces(api, deploymentId, signal);
    if (left.length === 0) return;
    for (const name of left) {
      const path = objectPath({ apiVersion: "v1", kind: "Namespace", name });
      const namespace = await api.find(path, signal);
      if (namespace && !namespace.metadata.deletionTimestamp) {
        await api.request({ method: "DELETE", path, signal });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    signal.throwIfAborted();
  }
}

async function ownNamespaces(api: ApiClient, deploymentId: string, signal?: AbortSignal): Promise<string[]> {
  const selector = `${labelKeys.managedBy}=${managedBy},${labelKeys.deployment}=${deploymentId}`;
  const path = `${objectPath({ apiVersion: "v1", kind: "Namespace" })}?labelSelector=${encodeURIComponent(selector)}`;
  const { items } = (await api.request({ method: "GET", path, signal })) as {
    items: { metadata: { name: string } }[];
  };
  return items.map(({ metadata }) => metadata.name);
}
