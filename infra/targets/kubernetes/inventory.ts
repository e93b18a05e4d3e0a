import { EngineError } from "#infra/engine/driver.ts";
import { apiClient, type ApiClient, type KubernetesObject } from "#infra/kubernetes/api-client.ts";
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

/** A namespace goes when all in it has gone, which what holds one of its objects can put off for ever. */
const goneWithinMs = 5 * 60_000;
const pauseMs = 500;

/**
 * Deletes the deployment's namespaces that are still there, and waits until the cluster has none.
 *
 * @throws EngineError `leftovers` with what the cluster says keeps one, once it has been waited for long enough
 */
export async function sweepNamespaces(
  api: ApiClient,
  deploymentId: string,
  signal: AbortSignal,
  withinMs = goneWithinMs,
): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const left = await ownNamespaces(api, deploymentId, signal);
    if (left.length === 0) return;
    const found = await Promise.all(left.map((name) => deleteNamespace(api, name, signal)));
    if (performance.now() > giveUpAt)
      throw stuck(
        found.filter((one) => one !== null),
        withinMs,
      );
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    signal.throwIfAborted();
  }
}

/** @returns what was there */
async function deleteNamespace(
  api: ApiClient,
  name: string,
  signal: AbortSignal,
): Promise<KubernetesObject | null> {
  const path = objectPath({ apiVersion: "v1", kind: "Namespace", name });
  const namespace = await api.find(path, signal);
  if (namespace && !namespace.metadata.deletionTimestamp) {
    await api.request({ method: "DELETE", path, signal });
  }
  return namespace;
}

type Condition = { type: string; status: string; message?: string };

function stuck(namespaces: KubernetesObject[], withinMs: number): EngineError {
  const said = namespaces.flatMap(
    ({ status }) => (status as { conditions?: Condition[] } | undefined)?.conditions ?? [],
  );
  // While it goes, each of a namespace's conditions that is true is something that keeps it.
  const blocking = said
    .filter((one) => one.status === "True")
    .map(({ message = "", type }) => message || type);
  const names = namespaces.map(({ metadata }) => metadata.name).join(", ");
  const why = blocking.length > 0 ? blocking.join("; ") : "the cluster doesn't say why";
  const message = `The namespace ${names} is still there ${Math.round(withinMs / 60_000)} minutes after it was deleted: ${why}. Have that removed, then tear down again.`;
  return new EngineError("leftovers", message);
}

async function ownNamespaces(api: ApiClient, deploymentId: string, signal?: AbortSignal): Promise<string[]> {
  const selector = `${labelKeys.managedBy}=${managedBy},${labelKeys.deployment}=${deploymentId}`;
  const path = `${objectPath({ apiVersion: "v1", kind: "Namespace" })}?labelSelector=${encodeURIComponent(selector)}`;
  const { items } = (await api.request({ method: "GET", path, signal })) as {
    items: { metadata: { name: string } }[];
  };
  return items.map(({ metadata }) => metadata.name);
}
