import { readdirSync, readFileSync } from "node:fs";

/** Processes whose environment has this entry. */
export function processesWith(entry: string): number[] {
  return readdirSync("/proc").flatMap((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(entry) ? [Number(pid)] : [];
    } catch {
      // Not a process, or one that ended meanwhile.
      return [];
    }
  });
}

/** The engine and its plugins, as long as they work on a deployment. */
export function processesOfDeployment(deploymentId: string): number[] {
  return processesWith(`SLUICE_DEPLOYMENT=${deploymentId}`);
}
