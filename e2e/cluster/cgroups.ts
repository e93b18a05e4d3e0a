import { mkdir, readdir, readFile, rmdir } from "node:fs/promises";
import path from "node:path";
import { waitUntil } from "#e2e/cluster/wait-until.ts";

const mounted = "/sys/fs/cgroup";

/** Makes a control group of this name in each hierarchy that the machine has. */
export async function makeCgroups(name: string): Promise<void> {
  for (const hierarchy of await hierarchies()) await mkdir(path.join(hierarchy, name), { recursive: true });
}

/** Ends all processes in the control groups of this name, and removes the groups. */
export async function removeCgroups(name: string): Promise<void> {
  for (const hierarchy of await hierarchies()) {
    await waitUntil(`the control groups ${path.join(hierarchy, name)} to be empty`, async () => {
      for (const folder of await foldersBelow(path.join(hierarchy, name))) {
        await killAll(folder);
        await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== "ENOENT") throw error;
        });
      }
      return true;
    });
  }
}

async function hierarchies(): Promise<string[]> {
  const entries = await readdir(mounted, { withFileTypes: true });
  // The second version has one hierarchy, at the mount point itself.
  if (entries.some(({ name }) => name === "cgroup.controllers")) return [mounted];
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(mounted, name));
}

/** A folder and all below it, the deepest first; none if it isn't there. */
async function foldersBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => null);
  if (!entries) return [];
  const found: string[] = [];
  for (const entry of entries) {
    if (entry.isDirectory()) found.push(...(await foldersBelow(path.join(folder, entry.name))));
  }
  return [...found, folder];
}

async function killAll(folder: string): Promise<void> {
  const pids = await readFile(path.join(folder, "cgroup.procs"), "utf8").catch(() => "");
  for (const pid of pids.split("\n").map(Number)) {
    if (pid === 0) continue; // also how a process of another namespace shows
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // it ended a moment ago
    }
  }
}
