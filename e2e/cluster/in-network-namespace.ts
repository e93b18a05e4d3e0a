import { spawn } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { removeCgroups } from "#e2e/cluster/cgroups.ts";
import { searchPath } from "#e2e/cluster/obtain-packages.ts";
import { startTimeOf } from "#infra/processes/start-time.ts";

/** Of a run's folder in the machine's folder for temporary files, and of its control groups. */
const prefix = "sluice-netns-";

/**
 * The first process of the new namespaces: it brings loopback up, runs the command, and reaps what is orphaned.
 * When it ends, the kernel ends all that is left in there, and takes mounts, interfaces and packet rules with it.
 */
const first = 'ip link set lo up && "$@"; exit $?';

/**
 * Runs a command in network, mount and process namespaces of its own, so that whatever it does to network or
 * mounts, however it ends, the machine's stay as they are. In there is loopback, and no way out. It may start a
 * test cluster, whose folder this makes and removes. SIGINT and SIGTERM are handed on. Needs root.
 *
 * @param env added to this process's own
 * @returns the command's exit code
 */
export async function inNetworkNamespace(
  command: string[],
  env: Record<string, string> = {},
): Promise<number> {
  await removeAbandoned();
  const folder = await mkdtemp(path.join(tmpdir(), prefix));
  await chmod(folder, 0o755); // pods run as other users
  await writeFile(path.join(folder, "owner"), `${process.pid} ${startTimeOf(process.pid)}`);
  await writeFile(path.join(folder, "outside"), await readlink("/proc/self/ns/net"));
  const namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const args = ["--pdeathsig", "KILL", "unshare", ...namespaces, "sh", "-c", first, "sh", ...command];
  const child = spawn("setpriv", args, {
    stdio: "inherit",
    detached: true, // so that a signal can be handed to the whole group
    env: {
      ...process.env,
      PATH: `${process.env.PATH ?? ""}:${searchPath}`,
      ...env,
      SLUICE_CLUSTER_FOLDER: folder,
    } as NodeJS.ProcessEnv,
  });
  const handOn = (signal: NodeJS.Signals) => void process.kill(-child.pid!, signal);
  const end = () => void child.kill("SIGKILL");
  process.on("SIGINT", handOn).on("SIGTERM", handOn).once("exit", end);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => resolve(code ?? 1));
    });
  } finally {
    process.off("SIGINT", handOn).off("SIGTERM", handOn).off("exit", end);
    await remove(folder);
  }
}

/** What is left of runs that were killed: their processes and mounts have gone with their namespaces. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const folder = path.join(tmpdir(), name);
    const owner = await readFile(path.join(folder, "owner"), "utf8").catch(() => null);
    const [pid, startTime] = owner?.split(" ") ?? [];
    if (pid && startTimeOf(Number(pid)) !== startTime) await remove(folder);
  }
}

async function remove(folder: string): Promise<void> {
  await removeCgroups(path.basename(folder));
  await rm(folder, { recursive: true, force: true });
}

if (import.meta.main) process.exitCode = await inNetworkNamespace(process.argv.slice(2));
