import type { GoogleState } from "#components/form/google-state.ts";
import { formatCores, formatMemory } from "#components/targets/cluster-words.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { Place } from "#lib/targets/place.ts";
import { readQuantity } from "#lib/targets/kubernetes/quantity.ts";
import type { ClusterOffers } from "#lib/targets/target-view.ts";

type Resources = NonNullable<Spec["variants"][number]["resources"]>;
type LargestPod = NonNullable<ClusterOffers["largestPod"]>;

/** What the roomiest node has for one more replica now, in words. */
export function roomWords({ cpuMillis, memoryBytes, gpus }: LargestPod): string {
  const gpu = gpus === 0 ? "no GPU" : `${gpus} GPU`;
  return `${formatCores(cpuMillis)}, ${formatMemory(memoryBytes)} and ${gpu}`;
}

/** A whole node of a Google cluster that is to be made: a part of it is the system's. Null where nothing is known. */
export function ownNode(
  { mode, machineType, gpuType, gpuCount }: GoogleState,
  { kind, project }: Pick<Place, "kind" | "project">,
): LargestPod | null {
  const machine = project?.machineTypes?.find(({ name }) => name === machineType);
  if (kind !== "gke" || mode !== "own" || !machine) return null;
  return {
    cpuMillis: machine.cpus * 1000,
    memoryBytes: machine.memoryMb * 2 ** 20,
    gpus: gpuType ? Number(gpuCount) || 0 : 0,
  };
}

/** What one replica asks for beyond what any node has free now, in words; empty where it fits. */
export function tooMuch(asked: Partial<Resources>, room: LargestPod): string[] {
  const { cpuMillis, memoryBytes, gpus } = room;
  return [
    // A quantity that isn't one reads as nothing, and its field says so.
    ...(readQuantity(asked.cpu) * 1000 > cpuMillis ? [`${asked.cpu} of processor`] : []),
    ...(readQuantity(asked.memory) > memoryBytes ? [`${asked.memory} of memory`] : []),
    ...((asked.gpus ?? 0) > gpus ? [`${asked.gpus} GPU`] : []),
  ];
}

/**
 * How many replicas that ask for so much processor the nodes of a Google cluster that is to be made have room for at
 * most: what GKE's own pods ask for depends on what runs there. Null where that isn't known.
 */
export function mostReplicas(
  cpu: string,
  google: GoogleState,
  place: Pick<Place, "kind" | "project">,
): { nodes: number; replicas: number } | null {
  const node = ownNode(google, place);
  const nodes = Number(google.maxNodes.trim() || google.minNodes);
  const askedMillis = readQuantity(cpu) * 1000;
  if (!node || !Number.isInteger(nodes) || askedMillis <= 0) return null;
  return { nodes, replicas: nodes * Math.floor(allocatableMillis(node.cpuMillis) / askedMillis) };
}

/** What GKE leaves of a node's processor (docs.cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes). */
function allocatableMillis(cpuMillis: number): number {
  const cores = cpuMillis / 1000;
  const kept = [
    { from: 0, to: 1, share: 0.06 },
    { from: 1, to: 2, share: 0.01 },
    { from: 2, to: 4, share: 0.005 },
    { from: 4, to: Infinity, share: 0.0025 },
  ].reduce((sum, { from, to, share }) => sum + Math.max(0, Math.min(cores, to) - from) * share, 0);
  return Math.floor((cores - kept) * 1000);
}
