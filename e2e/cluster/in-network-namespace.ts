import { spawn } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { removeCgroups } from "#e2e/cluster/cgroups.ts";
import { makeFixedFolders, removeFixedFolders } from "#e2e/cluster/fixed-folders.ts";
import { searchPath } from "#e2e/cluster/obtain-packages.ts";
import { waitForLock } from "#infra/processes/lock.ts";
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
  const folder = await alone(makeFolder);
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
    await alone(() => remove(folder));
  }
}

/** One run at a time makes or removes what is the machine's. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  const lock = await waitForLock("folders of test clusters");
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

async function makeFolder(): Promise<string> {
  for (const { folder, isAlive } of await runs()) if (!isAlive) await remove(folder);
  const folder = await mkdtemp(path.join(tmpdir(), prefix));
  await chmod(folder, 0o755); // pods run as other users
  await writeFile(path.join(folder, "owner"), `${process.pid} ${startTimeOf(process.pid)}`);
  await writeFile(path.join(folder, "outside"), await readlink("/proc/self/ns/net"));
  await makeFixedFolders();
  return folder;
}

/** Removes what is left of a run: its processes and mounts have gone with their namespaces. */
async function remove(folder: string): Promise<void> {
  await removeCgroups(path.basename(folder));
  await rm(folder, { recursive: true, force: true });
  if ((await runs()).length === 0) await removeFixedFolders();
}

/** All runs on this machine, also those that were killed and left their folder. */
async function runs(): Promise<{ folder: string; isAlive: boolean }[]> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  return Promise.all(
    names.map(async (name) => {
      const folder = path.join(tmpdir(), name);
      const owner = await readFile(path.join(folder, "owner"), "utf8").catch(() => "");
      const [pid, startTime] = owner.split(" ");
      return { folder, isAlive: startTimeOf(Number(pid)) === startTime };
    }),
  );
}

if (import.meta.main) process.exitCode = await inNetworkNamespace(process.argv.slice(2));
