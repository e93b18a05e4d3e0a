import type { ApiClient, KubernetesObject } from "#infra/kubernetes/api-client.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";

/** How long between two looks, in milliseconds. */
const pauseMs = 250;

/** It was made, but didn't become what it is to be. */
export class NotReady extends Error {
  override readonly name = "NotReady";
}

type Look = { isReady: true } | { isReady: false; why: string; isFinal?: boolean };

type Conditions = { type: string; status: string; reason?: string; message?: string }[];

/**
 * Waits until an object is what it is to be, by the real plugin's rules for its kind, or for the condition that its
 * annotation names.
 *
 * @param timeoutSeconds 0: the plugin's ten minutes
 * @throws NotReady; the signal's reason once it is aborted
 */
export async function waitFor(
  api: ApiClient,
  object: KubernetesObject,
  timeoutSeconds: number,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  const { annotations = {}, name, namespace } = object.metadata;
  if (annotations["pulumi.com/skipAwait"] === "true") return object;
  const seconds = Number(annotations["pulumi.com/timeoutSeconds"] ?? 0) || timeoutSeconds || 600;
  const giveUpAt = performance.now() + seconds * 1000;
  const path = objectPath({ ...object, namespace, name });
  for (;;) {
    const live = await api.find(path, signal);
    if (!live) throw new NotReady(`${object.kind} ${name} was deleted while it was waited for`);
    const look = await lookAt(api, live, annotations["pulumi.com/waitFor"], signal);
    if (look.isReady) return live;
    if (look.isFinal || performance.now() > giveUpAt) {
      throw new NotReady(`${object.kind} ${namespace ?? ""}/${name} isn't ready: ${look.why}`);
    }
    await pause(signal);
  }
}

/**
 * Why an object that is there isn't what it is to be, as far as the real plugin says so of one that it only reads: not
 * of a condition that an annotation names.
 *
 * @returns null if it is
 */
export async function whyUnready(
  api: ApiClient,
  live: KubernetesObject,
  signal: AbortSignal,
): Promise<string | null> {
  const isRead = live.kind === "Deployment" || live.kind === "Service";
  if (!isRead || live.metadata.annotations?.["pulumi.com/skipAwait"] === "true") return null;
  const look = await lookAt(api, live, undefined, signal);
  return look.isReady ? null : look.why;
}

/** Waits until an object is gone. @throws NotReady */
export async function waitUntilGone(
  api: ApiClient,
  path: string,
  timeoutSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const giveUpAt = performance.now() + (timeoutSeconds || 600) * 1000;
  while (await api.find(path, signal)) {
    if (performance.now() > giveUpAt) throw new NotReady(`${path} is still there`);
    await pause(signal);
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
  signal.throwIfAborted();
}

async function lookAt(
  api: ApiClient,
  live: KubernetesObject,
  waitForText: string | undefined,
  signal: AbortSignal,
): Promise<Look> {
  if (waitForText) return lookForCondition(live, waitForText);
  switch (live.kind) {
    case "Namespace":
      return (live.status as { phase?: string } | undefined)?.phase === "Active"
        ? { isReady: true }
        : { isReady: false, why: "it isn't active" };
    case "Deployment":
      return lookAtDeployment(api, live, signal);
    case "Service":
      return lookAtService(api, live, signal);
    default:
      return { isReady: true };
  }
}

function lookForCondition(live: KubernetesObject, text: string): Look {
  const [, type, status = "True"] = /^condition=([^=]+)(?:=(.+))?$/.exec(text) ?? [];
  if (!type) throw new Error(`This stand-in waits for conditions alone, not for ${text}.`);
  const { conditions = [] } = (live.status ?? {}) as { conditions?: Conditions };
  const found = conditions.find((condition) => condition.type === type);
  if (found?.status === status) return { isReady: true };
  const said = found ? `${found.status}: ${found.reason ?? ""} ${found.message ?? ""}` : "nothing said of it";
  return { isReady: false, why: `condition ${type}: ${said}` };
}

async function lookAtDeployment(api: ApiClient, live: KubernetesObject, signal: AbortSignal): Promise<Look> {
  const { replicas: wanted = 1 } = live.spec as { replicas?: number };
  const status = (live.status ?? {}) as {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
    conditions?: Conditions;
  };
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, conditions = [] } = status;
  const isSeen = (status.observedGeneration ?? 0) >= (live.metadata.generation ?? 1);
  const progressing = conditions.find(({ type }) => type === "Progressing");
  const isRolledOut = updatedReplicas >= wanted && replicas <= updatedReplicas && availableReplicas >= wanted;
  if (isSeen && isRolledOut) return { isReady: true };
  const pods = await podTroubles(api, live, signal);
  const why = [`${availableReplicas} of ${wanted} pods are available`, ...pods].join("; ");
  return { isReady: false, why, isFinal: isSeen && progressing?.reason === "ProgressDeadlineExceeded" };
}

/** What keeps a Deployment's pods from being ready, in the cluster's own words. */
async function podTroubles(api: ApiClient, live: KubernetesObject, signal: AbortSignal): Promise<string[]> {
  const { selector } = live.spec as { selector: { matchLabels: Record<string, string> } };
  const labels = Object.entries(selector.matchLabels).map(([key, value]) => `${key}=${value}`);
  const { namespace } = live.metadata;
  const path = `${objectPath({ apiVersion: "v1", kind: "Pod", namespace })}?labelSelector=${encodeURIComponent(labels.join(","))}`;
  const { items } = (await api.request({ method: "GET", path, signal })) as { items: Pod[] };
  return items.flatMap(({ metadata, status = {} }) => {
    const waiting = (status.containerStatuses ?? []).flatMap(({ state }) =>
      state?.waiting ? [state.waiting] : [],
    );
    const unmet = (status.conditions ?? []).filter(
      (c) => c.status === "False" && c.reason === "Unschedulable",
    );
    return [...waiting, ...unmet].map(
      ({ reason, message }) => `pod ${metadata.name}: ${reason}: ${message ?? ""}`,
    );
  });
}

type Pod = {
  metadata: { name: string };
  status?: {
    conditions?: Conditions;
    containerStatuses?: { state?: { waiting?: { reason?: string; message?: string } } }[];
  };
};

async function lookAtService(api: ApiClient, live: KubernetesObject, signal: AbortSignal): Promise<Look> {
  const spec = live.spec as { type?: string; selector?: Record<string, string> };
  const { loadBalancer } = (live.status ?? {}) as { loadBalancer?: { ingress?: unknown[] } };
  if (spec.type === "ExternalName" || !spec.selector) return { isReady: true };
  const { name, namespace } = live.metadata;
  const selector = encodeURIComponent(`kubernetes.io/service-name=${name}`);
  const slices = objectPath({ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", namespace });
  const { items } = (await api.request({
    method: "GET",
    path: `${slices}?labelSelector=${selector}`,
    signal,
  })) as { items: { endpoints?: { conditions?: { ready?: boolean } }[] | null }[] };
  const isReached = items.some(({ endpoints }) =>
    endpoints?.some(({ conditions }) => conditions?.ready !== false),
  );
  if (!isReached) return { isReady: false, why: "it doesn't lead to any ready pod" };
  if (spec.type === "LoadBalancer" && !loadBalancer?.ingress?.length) {
    return { isReady: false, why: "it has no address" };
  }
  return { isReady: true };
}
