import { mkdir, rm, rmdir, writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * Folders that a node's programs use whatever they are told. In a run's namespace each is one of the cluster's own,
 * but the machine must have a folder there for that.
 */
export const fixedFolders = ["/run/containerd", "/var/lib/cni", "/var/lib/kubelet", "/var/log/containers"];

const mark = ".made-for-test-clusters";

/** Makes those that the machine hasn't, marked as ours. */
export async function makeFixedFolders(): Promise<void> {
  for (const folder of fixedFolders) {
    if (await mkdir(folder, { recursive: true })) await writeFile(path.join(folder, mark), "");
  }
}

/** Removes those that are ours. Never while another run goes on: it would lose its own in their place. */
export async function removeFixedFolders(): Promise<void> {
  for (const folder of fixedFolders) {
    const ours = await rm(path.join(folder, mark)).then(
      () => true,
      () => false,
    );
    if (ours) await rmdir(folder);
  }
}
