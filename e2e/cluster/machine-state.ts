import { readdir, readFile } from "node:fs/promises";
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
  state.controlGroups = (await readdir("/sys/fs/cgroup", { recursive: true }))
    .filter((name) => /sluice|kubepods/.test(name))
    .join("\n");
  for (const name of settings) state[name] = await readFile(`/proc/sys/${name}`, "utf8");
  return state;
}
