import type { Findings } from "#lib/targets/kubernetes/findings.ts";

/** The first whose pods can wait by themselves before they end (KEP-3960): an image need not have a `sleep`. */
export const oldestVersion = "1.30";

/** What is wrong with an old cluster: for everybody, and what an admin does about it. */
export type TooOld = { message: string; todo: string };

/**
 * Whether a cluster is too old for the pods that Sluice makes.
 *
 * @param found.version as clusters say it: `v1.36.3`, `v1.33.4-gke.1000`, `v1.29.9+k3s1`
 * @returns null where it is new enough, or keeps its version to itself
 */
export function refuseOldVersion({ version }: Pick<Findings, "version">): TooOld | null {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version ?? "") ?? [];
  if (!major || !minor) return null;
  const [oldestMajor, oldestMinor] = oldestVersion.split(".").map(Number) as [number, number];
  const isOld = Number(major) < oldestMajor || (Number(major) === oldestMajor && Number(minor) < oldestMinor);
  if (!isOld) return null;
  return {
    message: `This cluster runs Kubernetes ${version!.replace(/^v/, "")}; Sluice needs ${oldestVersion} or newer.`,
    todo: `Upgrade the control plane and the nodes to ${oldestVersion} or newer, then check again.`,
  };
}
