import { certificateStates } from "#lib/deployments/certificate-states.ts";
import type { DomainState } from "#lib/deployments/domain-state.ts";
import type { GoogleSpec } from "#lib/deployments/google-spec.ts";

/** The page of Google's console that shows a cluster. */
export function clusterConsoleLink(of: { project: string; location: string; name: string }): string {
  const [project, location, name] = [of.project, of.location, of.name].map(encodeURIComponent);
  return `https://console.cloud.google.com/kubernetes/clusters/details/${location}/${name}/details?project=${project}`;
}

/** `3 to 5 × n1-standard-1, spot, each with 1 × nvidia-tesla-t4` */
export function nodesWords({ cluster, zones }: Pick<GoogleSpec, "cluster" | "zones">): string {
  const where = zones.length > 1 ? `, over ${zones.join(", ")}` : "";
  if (cluster.mode === "existing") return `the cluster’s own${where}`;
  const { minNodes, maxNodes, machineType, spot, gpu } = cluster;
  const count = minNodes === maxNodes ? String(minNodes) : `${minNodes} to ${maxNodes}`;
  const gpus = gpu ? `, each with ${gpu.count} × ${gpu.type}` : "";
  return `${count} × ${machineType}${spot ? ", spot" : ""}${gpus}${where}`;
}

/** What DNS has for a domain now, and whether that is what it should have. */
export function dnsWords({ found, wanted }: Pick<DomainState, "found" | "wanted">): string {
  if (found === null) return "it couldn’t be asked";
  if (found.length === 0) return "nothing";
  const isRight = found.every((address) => address === wanted);
  return isRight ? `${wanted}, as it should` : `${found.join(", ")}, and should say ${wanted} alone`;
}

/** How Google's certificate for a domain is, in words beside Google's own. */
export function certificateWords({
  answers,
  certificate,
}: Pick<DomainState, "answers" | "certificate">): string {
  if (answers) return "in use; Google renews it";
  const words = certificate === null ? "Google doesn’t say" : (certificateStates[certificate] ?? certificate);
  return `not in use yet: ${words}`;
}
