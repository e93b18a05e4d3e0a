import type { ApiClient } from "#infra/kubernetes/api-client.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";
import type { Trouble } from "#infra/targets/target.ts";
import { labelKeys } from "#lib/targets/kubernetes/manifests/metadata.ts";
import { modelServerName, namespaceOf, objectNames } from "#lib/targets/kubernetes/settings.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";
import { resourceKey } from "#lib/targets/plan.ts";

type Waiting = { reason?: string; message?: string };
type Terminated = { reason?: string; exitCode?: number; message?: string };
type ContainerStatus = {
  ready?: boolean;
  restartCount?: number;
  image?: string;
  state?: { waiting?: Waiting; running?: object; terminated?: Terminated };
  lastState?: { terminated?: Terminated };
};
export type Condition = { type: string; status: string; reason?: string; message?: string };
type Labels = Record<string, string>;
export type Pod = {
  metadata: { name: string; labels?: Labels; deletionTimestamp?: string };
  spec?: { containers?: { image?: string }[] };
  status?: { conditions?: Condition[]; containerStatuses?: ContainerStatus[] };
};
export type Event = {
  type?: string;
  reason?: string;
  message?: string;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  involvedObject?: { name?: string };
};
export type DeploymentObject = { metadata: { name: string }; status?: { conditions?: Condition[] } };
export type ReplicaSet = { metadata: { labels?: Labels; annotations?: Labels } };

/**
 * What keeps a deployment's pods from being ready, by what the cluster says of them. One sentence for each reason,
 * however many pods have it. Pods that a change replaces don't count.
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
  const ours = `?labelSelector=${selector}`;
  const [all, deployments] = await Promise.all([
    list<Pod>("v1", "Pod", ours),
    list<DeploymentObject>("apps/v1", "Deployment", ours),
  ]);
  const isLeaving = ({ metadata }: Pod) => metadata.deletionTimestamp !== undefined;
  // Those that end free what they took of a quota.
  const mayPass = all.some(isLeaving);
  const refused = deployments.flatMap((one) => refusalOf(one) ?? []).map((one) => ({ ...one, mayPass }));
  const pods = all.filter((pod) => !isLeaving(pod) && !isReady(pod));
  if (pods.length === 0) return refused;
  const sets = await list<ReplicaSet>("apps/v1", "ReplicaSet", ours);
  const unready = pods.filter((pod) => isNewest(pod, sets));
  // They only add words: an account without a right to them is told the rest.
  const events = inOrder(await list<Event>("v1", "Event").catch(() => []));
  const found = unready.flatMap((pod) => troubleOf(pod, events) ?? []);
  const told = [...refused, ...found];
  return [...new Map(told.map((trouble) => [`${trouble.of} ${trouble.message}`, trouble])).values()];
}

/** Why the cluster makes no pods for a Deployment of ours, so that none can say it; null: it makes them. */
export function refusalOf({ metadata: { name }, status }: DeploymentObject): Trouble | null {
  const failure = status?.conditions?.find(
    (one) => one.type === "ReplicaFailure" && one.status === "True" && one.reason === "FailedCreate",
  );
  if (!failure) return null;
  const { message: said = "" } = failure;
  const message = `The cluster makes no pod for a replica: ${refusalWords(said)}`;
  const of = resourceKey({ type: kubernetesTypes.deployment, name });
  return { code: "pod_refused", message, logLines: linesOf(said), of };
}

/** By the words of Kubernetes' own admission; what else a cluster has there says itself what it wants. */
function refusalWords(said: string): string {
  if (/exceeded quota|failed quota/.test(said))
    return "the quota of its namespace is used up. Ask for less, or have the quota raised.";
  if (/violates PodSecurity/.test(said))
    return "its rules for pods (PodSecurity) are stricter than what this one needs. Have them changed, or use an image that needs less.";
  return `${said.replace(/\.?$/, "")}.`;
}

const templateHash = "pod-template-hash";

/** Whether it is made as its Deployment says now, and not as that said before a change. */
export function isNewest({ metadata }: Pod, sets: ReplicaSet[]): boolean {
  const isOf = (set: ReplicaSet) => resourceOf(set.metadata.labels) === resourceOf(metadata.labels);
  const revision = ({ metadata }: ReplicaSet) =>
    Number(metadata.annotations?.["deployment.kubernetes.io/revision"] ?? 0);
  const [newest] = sets.filter(isOf).sort((a, b) => revision(b) - revision(a));
  return !newest || newest.metadata.labels?.[templateHash] === metadata.labels?.[templateHash];
}

/** The Deployment that a pod is of, by the labels of ours. */
function resourceOf(labels: Labels = {}): string {
  const variant = labels[labelKeys.variant];
  const name = variant === undefined ? objectNames.proxy : modelServerName(variant);
  return resourceKey({ type: kubernetesTypes.deployment, name });
}

/** The cluster lists them by their names. */
function inOrder(events: Event[]): Event[] {
  const at = ({ lastTimestamp, eventTime }: Event) => lastTimestamp ?? eventTime ?? "";
  return events.sort((a, b) => at(a).localeCompare(at(b)));
}

function isReady({ status }: Pod): boolean {
  return (status?.conditions ?? []).some(({ type, status: is }) => type === "Ready" && is === "True");
}

/** Of one pod that isn't ready; null: it may still become so. @param events of its namespace, the newest last */
export function troubleOf(pod: Pod, events: Event[]): Trouble | null {
  const own = events.filter(({ involvedObject }) => involvedObject?.name === pod.metadata.name);
  const found = placeTrouble(pod, own) ?? containerTrouble(pod, own);
  return found && { ...found, of: resourceOf(pod.metadata.labels) };
}

type Found = Omit<Trouble, "of">;

/** What those say that add nodes to a cluster: cluster-autoscaler and Karpenter. */
const nodeIsComing = ["TriggeredScaleUp", "Nominated"];

function placeTrouble(pod: Pod, events: Event[]): Found | null {
  const unschedulable = pod.status?.conditions?.find(({ reason }) => reason === "Unschedulable");
  if (!unschedulable) return null;
  const lacking = lackingIn(unschedulable.message);
  const logLines = linesOf(unschedulable.message);
  if (events.some(({ reason }) => nodeIsComing.includes(reason ?? ""))) {
    const message = `No node of the cluster has ${lacking} for a replica yet, and one is being added.`;
    return { code: "no_node_fits", message, logLines, mayPass: true };
  }
  const message = `No node of the cluster has ${lacking} for a replica. Ask for less, or add a node.`;
  return { code: "no_node_fits", message, logLines };
}

const resourceWords: Record<string, string> = {
  cpu: "processor",
  memory: "memory",
  "nvidia.com/gpu": "GPUs",
  pods: "places for pods",
};

/** What there isn't enough of, by the scheduler's `Insufficient …`; of taints and the like only that there is no place. */
function lackingIn(said = ""): string {
  const names = [...said.matchAll(/Insufficient ([\w./-]*\w)/g)].map(([, name = ""]) => name);
  const words = [...new Set(names)].map((name) => resourceWords[name] ?? name);
  return words.length > 0 ? `enough ${words.join(" and ")}` : "a place";
}

function containerTrouble(pod: Pod, events: Event[]): Found | null {
  const [container] = pod.status?.containerStatuses ?? [];
  if (!container) return null;
  const image = pod.spec?.containers?.[0]?.image ?? container.image ?? "its image";
  const waiting = container.state?.waiting;
  return (
    imageTrouble(image, waiting) ??
    rootTrouble(image, waiting) ??
    endedTrouble(image, container) ??
    configTrouble(waiting) ??
    probeTrouble(container, events)
  );
}

const imageReasons = ["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"];

function imageTrouble(image: string, waiting: Waiting | undefined): Found | null {
  if (!waiting?.reason || !imageReasons.includes(waiting.reason)) return null;
  const message = `The image ${image} can't be pulled (${waiting.reason}). Check its name and tag, and the pull secret.`;
  return { code: "image_pull", message, logLines: linesOf(waiting.message) };
}

function rootTrouble(image: string, waiting: Waiting | undefined): Found | null {
  if (waiting?.reason !== "CreateContainerConfigError" || !/runAsNonRoot/.test(waiting.message ?? ""))
    return null;
  const message = `The image ${image} runs as root, or names its user without a number, and this deployment doesn't allow root. Set "runs as root" for it, or use an image with a numeric user.`;
  return { code: "root_needed", message, logLines: linesOf(waiting.message) };
}

function configTrouble(waiting: Waiting | undefined): Found | null {
  if (!waiting?.reason || !/Error$/.test(waiting.reason)) return null;
  const message = `The cluster can't start a container (${waiting.reason}): ${waiting.message ?? "no reason given"}`;
  return { code: "start_failed", message, logLines: [] };
}

function endedTrouble(image: string, { state, lastState, restartCount = 0 }: ContainerStatus): Found | null {
  const ended = state?.terminated ?? lastState?.terminated;
  if (!ended) return null;
  const logLines = linesOf(ended.message);
  if (ended.reason === "OOMKilled") {
    const message = `A replica of ${image} took more memory than its limit and was ended. Raise the memory limit.`;
    return { code: "out_of_memory", message, logLines };
  }
  // One that runs again after an end is on its way, unless it has ended again and again.
  if (state?.running && restartCount < 3) return null;
  const message = `A replica of ${image} ended by itself with code ${ended.exitCode ?? "unknown"}. Its last lines say why.`;
  return { code: "start_failed", message, logLines };
}

function probeTrouble({ state }: ContainerStatus, events: Event[]): Found | null {
  if (!state?.running || !events.some(({ reason }) => reason === "Unhealthy")) return null;
  const message = "Replicas run, but don't answer as healthy. Check the port and the health path.";
  const warnings = events.filter(({ type = "Warning" }) => type === "Warning");
  const lines = warnings.map(({ reason, message = "" }) => `${reason}: ${message}`);
  return { code: "probe_failed", message, logLines: linesOf(lines.join("\n")) };
}

function linesOf(text: string | undefined): string[] {
  return (text ?? "").split("\n").filter(Boolean).slice(-10);
}
