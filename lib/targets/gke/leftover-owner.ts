import { deploymentOf } from "#lib/targets/gke/mark.ts";
import { mainName } from "#lib/targets/gke/names.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";

/** As much of something in a project as tells whose it is. */
export type Thing = {
  name: string;
  description?: string | null;
  labels?: Record<string, string> | null;
  /** a cluster's */
  resourceLabels?: Record<string, string> | null;
  /** link of the network that it is in */
  network?: string | null;
};

/** What of a deployment's things is known to be ours: then what GKE made of them is too. */
export type Own = { hasNetwork: boolean; hasForeignCluster: boolean };

/** The label that GKE gives to all that a cluster's nodes are made of. */
const clusterLabel = "goog-k8s-cluster-name";

/** So much of a cluster's name stands in those of its parts (kubernetes/ingress-gce, pull request 1623). */
const keptOfName = 20;

/** Where GKE's controllers write into a description for which Service or claim they made something. */
const serviceKeys = ["networking.gke.io/service-name", "kubernetes.io/service-name"];
const namespaceKeys = ["namespace", "kubernetes.io/created-for/pvc/namespace"];

/** Whether something is a part of a deployment's plan, by its name and its mark together. */
export function isOurs(thing: Thing, deploymentId: string): boolean {
  return hasOurName(thing.name, deploymentId) && deploymentOf(marks(thing)) === deploymentId;
}

/**
 * Whether GKE, or one of its controllers, made something for a deployment: for a Service or a claim in its namespace, as
 * a part of its own cluster, or inside its own network.
 */
export function isOfGke(thing: Thing, deploymentId: string, { hasNetwork, hasForeignCluster }: Own): boolean {
  if (isForNamespace(thing, namespaceOf(deploymentId))) return true;
  const main = mainName(deploymentId);
  const isInNetwork = hasNetwork && (thing.network ?? "").endsWith(`/networks/${main}`);
  if (isInNetwork && /^(gke|k8s2?)-/.test(thing.name)) return true;
  // Somebody's cluster that has our name has parts of the same names.
  if (hasForeignCluster) return false;
  return thing.labels?.[clusterLabel] === main || thing.name.startsWith(clusterPartsPrefix(deploymentId));
}

/** What the names of all that GKE made for a deployment's own cluster begin with. */
export function clusterPartsPrefix(deploymentId: string): string {
  return `gke-${mainName(deploymentId).slice(0, keptOfName)}`;
}

function hasOurName(name: string, deploymentId: string): boolean {
  const main = mainName(deploymentId);
  return name === main || name.startsWith(`${main}-`);
}

function marks({ labels, resourceLabels, description }: Thing) {
  return { labels: labels ?? resourceLabels, description };
}

function isForNamespace({ description }: Thing, namespace: string): boolean {
  const written = readDescription(description);
  const services = serviceKeys.map((key) => String(written[key] ?? ""));
  return (
    services.some((service) => service.startsWith(`${namespace}/`)) ||
    namespaceKeys.some((key) => written[key] === namespace)
  );
}

function readDescription(description: string | null | undefined): Record<string, unknown> {
  if (!description?.startsWith("{")) return {};
  try {
    return JSON.parse(description) as Record<string, unknown>;
  } catch {
    return {};
  }
}
