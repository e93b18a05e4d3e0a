import { gkeTypes } from "#lib/targets/gke/types.ts";

export const resourceGroups = ["Network", "Cluster", "In the cluster", "Load balancer"] as const;
export type ResourceGroup = (typeof resourceGroups)[number];

const groups: Partial<Record<string, ResourceGroup>> = {
  [gkeTypes.network]: "Network",
  [gkeTypes.subnetwork]: "Network",
  [gkeTypes.firewall]: "Network",
  [gkeTypes.cluster]: "Cluster",
  [gkeTypes.nodePool]: "Cluster",
};

/** What of a deployment's graph a resource belongs to: whatever else is Google's brings the traffic. */
export function resourceGroup(type: string): ResourceGroup {
  return groups[type] ?? (type.startsWith("gcp:") ? "Load balancer" : "In the cluster");
}

/**
 * Resources in groups, where there is anything of Google's among them; else all in one without a title. Each keeps its
 * order in its group.
 */
export function grouped<T extends { type: string }>(
  resources: readonly T[],
): { title: ResourceGroup | null; resources: T[] }[] {
  if (!resources.some(({ type }) => type.startsWith("gcp:")))
    return [{ title: null, resources: [...resources] }];
  return resourceGroups
    .map((title) => ({ title, resources: resources.filter(({ type }) => resourceGroup(type) === title) }))
    .filter((group) => group.resources.length > 0);
}
