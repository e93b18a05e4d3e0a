import { missingRights, type Findings } from "#lib/targets/kubernetes/findings.ts";
import type { ClusterOffers } from "#lib/targets/target-view.ts";

/** Processor time: `6.5 cores`. */
export function formatCores(millis: number): string {
  const cores = Math.floor(millis / 100) / 10;
  return `${cores} ${cores === 1 ? "core" : "cores"}`;
}

/** Memory as clusters count it, in powers of two: `29 GiB`, `512 MiB`. Rounded down: what is said fits. */
export function formatMemory(bytes: number): string {
  const gib = bytes / 2 ** 30;
  if (gib >= 10) return `${Math.floor(gib)} GiB`;
  return gib >= 1 ? `${Math.floor(gib * 10) / 10} GiB` : `${Math.floor(bytes / 2 ** 20)} MiB`;
}

/** What a cluster offers, in a few words each. */
export function offersInShort(offers: ClusterOffers): string[] {
  const { version, nodes, largestPod, gatewayClasses, autoscaling } = offers;
  return [
    version ? `Kubernetes ${version.replace(/^v/, "")}` : "",
    nodes === null ? "" : `${nodes} ${nodes === 1 ? "node" : "nodes"}`,
    largestPod
      ? `largest free node: ${formatCores(largestPod.cpuMillis)}, ${formatMemory(largestPod.memoryBytes)}`
      : "",
    largestPod && largestPod.gpus > 0 ? `${largestPod.gpus} GPU` : "",
    gatewayClasses.length > 0 ? `Gateway: ${gatewayClasses.join(", ")}` : "",
    autoscaling ? "scales by processor use" : "",
  ].filter(Boolean);
}

/** The rights that are missing, a resource at a time: `everything on secrets`, `create on pods/portforward`. */
export function missingInWords(found: Findings, need: "always" | "gateway"): string[] {
  return found.rights
    .filter((right) => right.need === need && right.denied.length > 0)
    .map(({ resource, allowed, denied }) => {
      const verbs = allowed.length === 0 && denied.length > 1 ? "everything" : denied.join(", ");
      return `${verbs} on ${resource}`;
    });
}

/** That rights are missing without which nothing can be deployed: `Lacks 7 rights: everything on secrets`; else null. */
export function lacksInWords(found: Findings): string | null {
  const missing = missingRights(found, "always").length;
  if (missing === 0) return null;
  return `Lacks ${missing} ${missing === 1 ? "right" : "rights"}: ${missingInWords(found, "always").join("; ")}`;
}
