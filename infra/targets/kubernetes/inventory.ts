import { EngineError } from "#infra/engine/driver.ts";
import { ApiError, apiClient, type ApiClient, type KubernetesObject } from "#infra/kubernetes/api-client.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";
import type { Receipt } from "#lib/deployments/view.ts";
import { isOwn } from "#lib/targets/kubernetes/manifests/metadata.ts";
import { parseKubeconfig } from "#lib/targets/kubernetes/parse-kubeconfig.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";

/**
 * What of a deployment is still in the cluster: its namespace, in which all of it is.
 *
 * @throws ApiError or ApiUnreachable
 */
export async function kubernetesRemaining(
  target: { kubeconfig: string },
  deploymentId: string,
): Promise<Receipt["remaining"]> {
  const api = apiClient(parseKubeconfig(target.kubeconfig, { now: new Date() }));
  try {
    return await namespaceRemaining(api, deploymentId);
  } finally {
    api.close();
  }
}

/** As `kubernetesRemaining`, of a cluster that is asked already. */
export async function namespaceRemaining(
  api: ApiClient,
  deploymentId: string,
): Promise<Receipt["remaining"]> {
  const found = await ownNamespace(api, deploymentId);
  return found ? [{ kind: "object", what: `Namespace ${found.metadata.name}` }] : [];
}

/** A namespace goes when all in it has gone, which what holds one of its objects can put off for ever. */
const goneWithinMs = 5 * 60_000;
const pauseMs = 500;

/**
 * Deletes the deployment's namespace if it is still there, and waits until it is gone.
 *
 * @throws EngineError `leftovers` with what the cluster says keeps it, once it has been waited for long enough
 */
export async function sweepNamespace(
  api: ApiClient,
  deploymentId: string,
  signal: AbortSignal,
  withinMs = goneWithinMs,
): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const left = await ownNamespace(api, deploymentId, signal);
    if (!left) return;
    if (!left.metadata.deletionTimestamp) await deleteNamespace(api, left, signal);
    if (performance.now() > giveUpAt) throw stuck(left, withinMs);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    signal.throwIfAborted();
  }
}

/** This one, and none that has its name by now. */
async function deleteNamespace(
  api: ApiClient,
  { metadata: { name, uid } }: KubernetesObject,
  signal: AbortSignal,
): Promise<void> {
  const path = objectPath({ apiVersion: "v1", kind: "Namespace", name });
  const body = { apiVersion: "v1", kind: "DeleteOptions", ...(uid && { preconditions: { uid } }) };
  try {
    await api.request({ method: "DELETE", path, body, signal });
  } catch (error) {
    // It went meanwhile, or another has its name: the next look sees what there is.
    if (!(error instanceof ApiError && [404, 409].includes(error.status))) throw error;
  }
}

type Condition = { type: string; status: string; message?: string };

function stuck({ metadata: { name }, status }: KubernetesObject, withinMs: number): EngineError {
  const { conditions = [] } = (status ?? {}) as { conditions?: Condition[] };
  // While it goes, each of a namespace's conditions that is true is something that keeps it.
  const blocking = conditions
    .filter((one) => one.status === "True")
    .map(({ message = "", type }) => message || type);
  const why = blocking.length > 0 ? blocking.join("; ") : "the cluster doesn't say why";
  const message = `The namespace ${name} is still there ${Math.round(withinMs / 60_000)} minutes after it was deleted: ${why}. Have that removed, then tear down again.`;
  return new EngineError("leftovers", message);
}

/** By its name and its labels: a copy of it that somebody made elsewhere has the labels too, and isn't ours. */
async function ownNamespace(
  api: ApiClient,
  deploymentId: string,
  signal?: AbortSignal,
): Promise<KubernetesObject | null> {
  const name = namespaceOf(deploymentId);
  const found = await api.find(objectPath({ apiVersion: "v1", kind: "Namespace", name }), signal);
  return found && isOwn(found, deploymentId) ? found : null;
}
