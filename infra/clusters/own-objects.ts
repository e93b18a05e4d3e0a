import type { ApiClient, KubernetesObject } from "#infra/kubernetes/api-client.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";
import { isOwn, labelKeys } from "#lib/targets/kubernetes/manifests/metadata.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";

/** HAProxy's container in its pods, whatever else a cluster puts in beside it. */
export const proxyContainer = "haproxy";

/** As much of a pod of a deployment's as traffic is concerned with. */
export type Pod = {
  name: string;
  uid: string;
  /** `proxy` or `model` */
  role: string;
  addresses: string[];
  /** HAProxy's container: another id after each restart; null while none has been started */
  container: { id: string; isRunning: boolean; restarts: number } | null;
  /** it was told to end */
  isLeaving: boolean;
};

/** Whether the deployment's namespace is there, ours by its labels, and not about to go. */
export async function ownsNamespace(
  api: ApiClient,
  deploymentId: string,
  signal: AbortSignal,
): Promise<boolean> {
  const name = namespaceOf(deploymentId);
  const namespace = await api.find(objectPath({ apiVersion: "v1", kind: "Namespace", name }), signal);
  if (!namespace || !isOwn(namespace, deploymentId)) return false;
  return namespace.metadata.deletionTimestamp === undefined;
}

type PodStatus = {
  podIPs?: { ip: string }[];
  containerStatuses?: {
    name: string;
    containerID?: string;
    restartCount: number;
    state?: { running?: object };
  }[];
};

/** The deployment's pods. */
export async function listPods(api: ApiClient, deploymentId: string, signal: AbortSignal): Promise<Pod[]> {
  return (await list(api, { apiVersion: "v1", kind: "Pod" }, deploymentId, signal)).map(toPod);
}

/** One of them, as it is now. */
export async function findPod(
  api: ApiClient,
  deploymentId: string,
  name: string,
  signal: AbortSignal,
): Promise<Pod | null> {
  const namespace = namespaceOf(deploymentId);
  const found = await api.find(objectPath({ apiVersion: "v1", kind: "Pod", namespace, name }), signal);
  return found && toPod(found);
}

function toPod(pod: KubernetesObject): Pod {
  const { name, uid = "", labels = {}, deletionTimestamp } = pod.metadata;
  const { podIPs = [], containerStatuses = [] } = (pod.status ?? {}) as PodStatus;
  const status = containerStatuses.find((one) => one.name === proxyContainer);
  const isRunning = Boolean(status?.state?.running);
  return {
    name,
    uid,
    role: labels[labelKeys.role] ?? "",
    addresses: podIPs.map(({ ip }) => ip),
    container: status?.containerID
      ? { id: status.containerID, isRunning, restarts: status.restartCount }
      : null,
    isLeaving: deletionTimestamp !== undefined,
  };
}

/** How many replicas of each variant are ready. */
export async function readyByVariant(
  api: ApiClient,
  deploymentId: string,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const found = await list(api, { apiVersion: "apps/v1", kind: "Deployment" }, deploymentId, signal);
  const ready = found.flatMap(({ metadata, status }): [string, number][] => {
    const variant = metadata.labels?.[labelKeys.variant];
    const { readyReplicas = 0 } = (status ?? {}) as { readyReplicas?: number };
    return variant ? [[variant, readyReplicas]] : [];
  });
  return new Map(ready);
}

async function list(
  api: ApiClient,
  kind: { apiVersion: string; kind: string },
  deploymentId: string,
  signal: AbortSignal,
): Promise<KubernetesObject[]> {
  const selector = encodeURIComponent(`${labelKeys.deployment}=${deploymentId}`);
  const path = `${objectPath({ ...kind, namespace: namespaceOf(deploymentId) })}?labelSelector=${selector}`;
  const { items } = (await api.request({ method: "GET", path, signal })) as { items?: KubernetesObject[] };
  return items ?? [];
}
