import type { QuotaFound } from "#lib/targets/gke/findings.ts";
import { projectLack } from "#lib/targets/gke/project-offers.ts";
import type { ProjectOffers, ProjectView } from "#lib/targets/gke/project-view.ts";

/** A machine's memory: `3.75 GiB`. */
export function formatMachineMemory(megabytes: number): string {
  return `${Math.round((megabytes / 1024) * 100) / 100} GiB`;
}

/** `1 kind`, `2 kinds`. */
export function count(amount: number, one: string, several = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : several}`;
}

/** What a project offers, in a few words each. Where something stops it, no cluster can be made in it either. */
export function projectInShort(offers: ProjectOffers, isStopped: boolean): string[] {
  const { location, machineTypes, accelerators, clusters, ownClusterRefusal } = offers;
  const usable = clusters.filter(({ problems }) => problems.length === 0).length;
  return [
    location,
    ownClusterRefusal === null && !isStopped ? "clusters can be made" : "",
    clusters.length === 0 ? "" : `${usable} of ${count(clusters.length, "existing cluster")} usable`,
    machineTypes ? count(machineTypes.length, "machine type") : "",
    accelerators
      ? accelerators.length === 0
        ? "no GPU"
        : count(accelerators.length, "kind of GPU", "kinds of GPU")
      : "",
  ].filter(Boolean);
}

/** Why nothing can be deployed in a project, in words for who may know it all; null: something can. */
export function projectStop({ state, trouble, detail }: ProjectView): string | null {
  if (state !== "trouble") return null;
  if (!detail) return trouble ?? "It can’t be used now.";
  return (
    (detail.findings && projectLack(detail.findings)) ??
    "No cluster can be made in this project, and none that is there can be used."
  );
}

/** Those that a first deployment takes something of, the tightest first; then the rest that can be used; none without room. */
export function sortQuotas(quotas: readonly QuotaFound[]): { needed: QuotaFound[]; others: QuotaFound[] } {
  const share = ({ limit, used, asked }: QuotaFound) => (limit === 0 ? Infinity : (used + asked) / limit);
  const tightestFirst = (list: QuotaFound[]) => list.toSorted((one, other) => share(other) - share(one));
  return {
    needed: tightestFirst(quotas.filter(({ asked }) => asked > 0)),
    others: tightestFirst(quotas.filter(({ asked, limit, used }) => asked === 0 && (limit > 0 || used > 0))),
  };
}

/** A sentence about what to do, its command apart, so that it can be copied. */
export function splitCommand(text: string): { before: string; command: string | null; after: string } {
  const found = /gcloud [a-z-]+ .*?(?=\.(?:\s|$)|,\s|\)|\swhere\s|$)/.exec(text);
  if (!found) return { before: text, command: null, after: "" };
  const end = found.index + found[0].length;
  return { before: text.slice(0, found.index), command: found[0], after: text.slice(end) };
}
