import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { searchPath } from "#e2e/cluster/obtain-packages.ts";
import { run } from "#infra/tools/run.ts";

const settings = ["vm/overcommit_memory", "kernel/panic", "kernel/panic_on_oops", "net/ipv4/ip_forward"];

/**
 * What a test cluster could change of the machine or the namespace that this process is in: interfaces, addresses,
 * routes, packet rules, mounts, control groups, settings. One text each, to be compared.
 */
export async function machineState(): Promise<Record<string, string>> {
  const commands = {
    interfaces: ["ip", "-o", "link"],
    addresses: ["ip", "-o", "address"],
    routes: ["ip", "route", "show", "table", "all"],
    namespaces: ["ip", "netns", "list"],
    rules: ["iptables-save"],
    rulesOfVersion6: ["ip6tables-save"],
  };
  const state: Record<string, string> = {};
  for (const [name, [program, ...args]] of Object.entries(commands)) {
    const { output } = await run(program!, args, { env: { PATH: searchPath } });
    // Comments tell the time of day; chains count packets; leases and states of links come and go by themselves.
    const lines = output.split("\n").filter((line) => !line.startsWith("#"));
    state[name] = lines.map((line) => line.replace(/ ?\[\d+:\d+\]| \w+_lft \w+/g, "")).join("\n");
  }
  state.mounts = await readFile("/proc/self/mounts", "utf8");
  state.controlGroups = (await controlGroups()).filter((name) => !isOfAnother(name)).join("\n");
  for (const name of settings) state[name] = await readFile(`/proc/sys/${name}`, "utf8");
  return state;
}

/** What could be a cluster's, two levels deep: those of a hierarchy, or of the one hierarchy of the second version. */
async function controlGroups(): Promise<string[]> {
  const root = "/sys/fs/cgroup";
  const found: string[] = [];
  for (const first of await foldersOf(root)) {
    found.push(first, ...(await foldersOf(path.join(root, first))).map((second) => path.join(first, second)));
  }
  return found.filter((name) => /sluice-netns|kubepods/.test(name));
}

async function foldersOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** Another run's, which goes on beside this one: its folder is still there. */
function isOfAnother(name: string): boolean {
  const folder = path.join(tmpdir(), path.basename(name));
  return folder !== process.env.SLUICE_CLUSTER_FOLDER && existsSync(folder);
}
