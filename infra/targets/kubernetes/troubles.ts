import type { ApiClient } from "#infra/kubernetes/api-client.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";
import type { Trouble } from "#infra/targets/target.ts";
import { labelKeys } from "#lib/targets/kubernetes/manifests/metadata.ts";
import { namespaceOf, objectNames } from "#lib/targets/kubernetes/settings.ts";

type Waiting = { reason?: string; message?: string };
type Terminated = { reason?: string; exitCode?: number; message?: string };
type ContainerStatus = {
  ready?: boolean;
  image?: string;
  state?: { waiting?: Waiting; running?: object; terminated?: Terminated };
  lastState?: { terminated?: Terminated };
};
type Condition = { type: string; status: string; reason?: string; message?: string };
export type Pod = {
  metadata: { name: string; deletionTimestamp?: string };
  spec?: { containers?: { image?: string }[] };
  status?: { conditions?: Condition[]; containerStatuses?: ContainerStatus[] };
};
type Event = { reason?: string; message?: string; involvedObject?: { name?: string } };

/**
 * What keeps a deployment from being ready, by what the cluster says of its pods and its Gateway. One sentence for
 * each reason, however many pods have it.
 *
 * @throws ApiError or ApiUnreachable
 */
export async function troublesOf(
  api: ApiClient,
  deploymentId: string,
  signal: AbortSignal,
): Promise<Trouble[]> {
  const namespace = namespaceOf(deploymentId);
  const list = async <Item>(apiVersion: string, kind: string, query = "") => {
    const path = `${objectPath({ apiVersion, kind, namespace })}${query}`;
    return ((await api.request({ method: "GET", path, signal })) as { items: Item[] }).items;
  };
  const selector = encodeURIComponent(`${labelKeys.deployment}=${deploymentId}`);
  const pods = await list<Pod>("v1", "Pod", `?labelSelector=${selector}`);
  const unready = pods.filter((pod) => !pod.metadata.deletionTimestamp && !isReady(pod));
  // They only add words: an account without a right to them is told the rest.
  const events = unready.length > 0 ? await list<Event>("v1", "Event").catch(() => []) : [];
  const found = unready.flatMap((pod) => troubleOf(pod, events) ?? []);
  return [...new Map(found.map((trouble) => [trouble.message, trouble])).values()];
}

/** Whether the Gateway has its address; null if it has, or there is none. */
export async function gatewayTrouble(
  api: ApiClient,
  deploymentId: string,
  signal: AbortSignal,
): Promise<Trouble | null> {
  const namespace = namespaceOf(deploymentId);
  const apiVersion = "gateway.networking.k8s.io/v1";
  const path = objectPath({ apiVersion, kind: "Gateway", namespace, name: objectNames.gateway });
  const gateway = await api.find(path, signal);
  if (!gateway) return null;
  const { conditions = [] } = (gateway.status ?? {}) as { conditions?: Condition[] };
  const programmed = conditions.find(({ type }) => type === "Programmed");
  if (programmed?.status === "True") return null;
  const { gatewayClassName } = gateway.spec as { gatewayClassName: string };
  const said = programmed?.message ? `: ${programmed.message}` : ", and its controller says nothing of it";
  const message = `The Gateway of class ${gatewayClassName} isn't programmed${said}. See whether that class's controller runs, or choose another class.`;
  return { code: "gateway_failed", message, logLines: [] };
}

function isReady({ status }: Pod): boolean {
  return (status?.conditions ?? []).some(({ type, status: is }) => type === "Ready" && is === "True");
}

/** Of one pod that isn't ready; null: it may still become so. */
export function troubleOf(pod: Pod, events: Event[]): Trouble | null {
  const unschedulable = pod.status?.conditions?.find(({ reason }) => reason === "Unschedulable");
  if (unschedulable) {
    const message = `No node of the cluster fits: ${unschedulable.message ?? "no reason given"} Ask for less, or add a node.`;
    return { code: "no_node_fits", message, logLines: [] };
  }
  const [container] = pod.status?.containerStatuses ?? [];
  if (!container) return null;
  const image = pod.spec?.containers?.[0]?.image ?? container.image ?? "its image";
  const waiting = container.state?.waiting;
  return (
    imageTrouble(image, waiting) ??
    rootTrouble(image, waiting) ??
    endedTrouble(image, container) ??
    configTrouble(waiting) ??
    probeTrouble(pod, container, events)
  );
}

const imageReasons = ["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"];

function imageTrouble(image: string, waiting: Waiting | undefined): Trouble | null {
  if (!waiting?.reason || !imageReasons.includes(waiting.reason)) return null;
  const message = `The image ${image} can't be pulled (${waiting.reason}). Check its name and tag, and the pull secret.`;
  return { code: "image_pull", message, logLines: linesOf(waiting.message) };
}

function rootTrouble(image: string, waiting: Waiting | undefined): Trouble | null {
  if (waiting?.reason !== "CreateContainerConfigError" || !/runAsNonRoot/.test(waiting.message ?? ""))
    return null;
  const message = `The image ${image} runs as root, or names its user without a number, and this deployment doesn't allow root. Set "runs as root" for it, or use an image with a numeric user.`;
  return { code: "root_needed", message, logLines: linesOf(waiting.message) };
}

function configTrouble(waiting: Waiting | undefined): Trouble | null {
  if (!waiting?.reason || !/Error$/.test(waiting.reason)) return null;
  const message = `The cluster can't start a container (${waiting.reason}): ${waiting.message ?? "no reason given"}`;
  return { code: "start_failed", message, logLines: [] };
}

function endedTrouble(image: string, { state, lastState }: ContainerStatus): Trouble | null {
  const ended = state?.terminated ?? lastState?.terminated;
  if (!ended) return null;
  const logLines = linesOf(ended.message);
  if (ended.reason === "OOMKilled") {
    const message = `A replica of ${image} took more memory than its limit and was ended. Raise the memory limit.`;
    return { code: "out_of_memory", message, logLines };
  }
  // One that serves again after an end is on its way.
  if (state?.running) return null;
  const message = `A replica of ${image} ended by itself with code ${ended.exitCode ?? "unknown"}. Its last lines say why.`;
  return { code: "start_failed", message, logLines };
}

function probeTrouble(pod: Pod, container: ContainerStatus, events: Event[]): Trouble | null {
  if (!container.state?.running) return null;
  const said = events.findLast(
    ({ reason, involvedObject }) => reason === "Unhealthy" && involvedObject?.name === pod.metadata.name,
  );
  if (!said) return null;
  const message = "Replicas run, but don't answer as healthy. Check the port and the health path.";
  return { code: "probe_failed", message, logLines: linesOf(said.message) };
}

function linesOf(text: string | undefined): string[] {
  return (text ?? "").split("\n").filter(Boolean).slice(-10);
}
