import { formatCores, formatMemory } from "#components/targets/cluster-words.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { readQuantity } from "#lib/targets/kubernetes/quantity.ts";
import type { ClusterOffers } from "#lib/targets/target-view.ts";

type Resources = NonNullable<Spec["variants"][number]["resources"]>;
type LargestPod = NonNullable<ClusterOffers["largestPod"]>;

/** What the roomiest node has for one more replica now, in words. */
export function roomWords({ cpuMillis, memoryBytes, gpus }: LargestPod): string {
  const gpu = gpus === 0 ? "no GPU" : `${gpus} GPU`;
  return `${formatCores(cpuMillis)}, ${formatMemory(memoryBytes)} and ${gpu}`;
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
