import { readdir, readFile } from "node:fs/promises";
import type { Parts } from "#e2e/cluster/control-plane.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";

/** Ends a cluster's programs, the last started first, and what containerd left of its own. */
export async function stopPrograms({ folder, programs }: Parts): Promise<void> {
  for (const program of programs.toReversed()) {
    // Nothing that they could save is wanted; containerd alone has mounts to let go of.
    await program.stop(program.name === "containerd" ? "SIGTERM" : "SIGKILL");
  }
  await waitUntil("containerd's helpers to end", async () => {
    const left = await helpers(folder);
    for (const pid of left) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // it ended a moment ago
      }
    }
    return left.length === 0;
  });
}

/** Each pod has a process that outlives containerd; the socket in its arguments says whose it is. */
async function helpers(folder: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const command = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    const [program = "", ...args] = command.split("\0");
    if (program.includes("containerd-shim") && args.some((one) => one.startsWith(`${folder}/`)))
      found.push(Number(name));
  }
  return found;
}
