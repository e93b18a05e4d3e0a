import { formatMachineMemory } from "#components/targets/project-words.ts";
import type { FormState } from "#components/form/form-state.ts";
import type { GoogleState } from "#components/form/google-state.ts";
import type { ProjectOffers } from "#lib/targets/gke/project-view.ts";

type MachineType = NonNullable<ProjectOffers["machineTypes"]>[number];

/** `n1-standard-1: 1 CPU, 3.75 GiB` */
export function machineWords({ name, cpus, memoryMb }: MachineType): string {
  return `${name}: ${cpus} ${cpus === 1 ? "CPU" : "CPUs"}, ${formatMachineMemory(memoryMb)}`;
}

/** What a project is, in a few words each. */
export function projectInShort({ project, location, clusters }: ProjectOffers): string[] {
  const usable = clusters.filter(({ problems }) => problems.length === 0).length;
  return [
    "Google Cloud",
    project,
    location,
    ...(usable > 0 ? [`${usable} ${usable === 1 ? "cluster" : "clusters"} to use`] : []),
  ];
}

/** Where a region's cluster has its nodes is part of what their number means. */
export function nodesHint({ zones }: Pick<ProjectOffers, "zones">): string {
  if (!zones || zones.length < 2) return "Of the whole cluster.";
  return `Of the whole cluster, over ${zones.length} zones.`;
}

/** The less usual settings in a line, while they are closed. At layer 4 there are no requests to log or to spread. */
export function moreWords(google: GoogleState, isOwn: boolean, layer: FormState["layer"]): string {
  const { releaseChannel, network, logPercent, maxRatePerEndpoint } = google;
  return [
    ...(isOwn ? [network ? `network ${network}` : "a network of its own"] : []),
    ...(isOwn ? [`${releaseChannel.toLowerCase()} updates`] : []),
    ...(layer === "7" ? [loggedWords(logPercent || "100")] : []),
    ...(layer === "7" && maxRatePerEndpoint ? [`${maxRatePerEndpoint} requests/s a replica`] : []),
  ].join(", ");
}

function loggedWords(percent: string): string {
  if (percent === "0") return "no request logged";
  return percent === "100" ? "all requests logged" : `${percent} % of requests logged`;
}
