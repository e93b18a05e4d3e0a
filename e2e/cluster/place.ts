import { mkdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { addresses } from "#e2e/cluster/addresses.ts";
import { makeCgroups, removeCgroups } from "#e2e/cluster/cgroups.ts";
import { ClusterError } from "#e2e/cluster/cluster-error.ts";
import { fixedFolders } from "#e2e/cluster/fixed-folders.ts";
import { searchPath } from "#e2e/cluster/obtain-packages.ts";
import { run } from "#infra/tools/run.ts";

/** Settings of the whole machine that kubelet changes: in the namespace, each is a plain file. */
const machineSettings = [
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
].map((name) => `/proc/sys/${name}`);

/** For how many seconds a connection that nobody took up is remembered. */
const patienceSetting = "/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_syn_sent";

/** Settings of the namespace's network that are changed here, by kube-proxy and by the network plugins. */
const networkSettings = [
  "/proc/sys/net/ipv4/ip_forward",
  "/proc/sys/net/ipv4/conf/all/route_localnet",
  patienceSetting,
];

export type Place = { folder: string; cgroup: string; clear(): Promise<void> };

/**
 * Lays out where a cluster will run: its folder, mounts, control groups and addresses.
 *
 * @throws ClusterError `not_in_namespace` if the network here is the machine's own
 */
export async function preparePlace(outer: string | undefined): Promise<Place> {
  const outside = outer && (await readFile(path.join(outer, "outside"), "utf8").catch(() => null));
  if (!outer || !outside || outside === (await readlink("/proc/self/ns/net"))) {
    throw new ClusterError(
      "not_in_namespace",
      "A test cluster runs in a network namespace only. Start the command by e2e/cluster/in-network-namespace.ts.",
    );
  }
  const folder = path.join(outer, "cluster");
  const cgroup = path.basename(outer);
  await mkdir(path.join(folder, "logs"), { recursive: true });
  const settings = new Map<string, string>();
  const place = { folder, cgroup, clear: () => clear(folder, cgroup, settings) };
  try {
    for (const [index, fixed] of fixedFolders.entries()) {
      const own = path.join(folder, "fixed", String(index));
      await mkdir(own, { recursive: true });
      await must("mount", "--bind", own, fixed);
    }
    await mkdir(path.join(folder, "settings"));
    for (const setting of machineSettings) {
      const own = path.join(folder, "settings", path.basename(setting));
      await writeFile(own, await readFile(setting));
      await must("mount", "--bind", own, setting);
    }
    // Whoever asks a node's port before its Service has endpoints is refused, and remembered as one that goes nowhere:
    // for two minutes whoever gets that port of the client's again, after some thousand connections, is refused too.
    // The clients of a real cluster come from more addresses than one. This also has the kernel know the setting.
    await must("conntrack", "-F");
    for (const setting of networkSettings) settings.set(setting, await readFile(setting, "utf8"));
    await writeFile(patienceSetting, "2");
    await makeCgroups(cgroup);
    await must("ip", "address", "replace", `${addresses.node}/32`, "dev", "lo");
    // Packets to a Service need a route before the rules can send them elsewhere.
    await must("ip", "route", "replace", addresses.services, "dev", "lo", "src", addresses.node);
    return place;
  } catch (error) {
    await place.clear();
    throw error;
  }
}

/** Takes back all of it, and what the cluster's programs left: mounts, interfaces' addresses, packet rules. */
async function clear(folder: string, cgroup: string, settings: Map<string, string>): Promise<void> {
  await removeCgroups(cgroup);
  const mounts = (await readFile("/proc/self/mounts", "utf8"))
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "");
  const ours = (point: string) =>
    point.startsWith(`${folder}/`) ||
    machineSettings.includes(point) ||
    fixedFolders.some((fixed) => point === fixed || point.startsWith(`${fixed}/`));
  for (const point of mounts.reverse()) if (ours(point)) await must("umount", "--lazy", point);
  await run("ip", ["address", "del", `${addresses.node}/32`, "dev", "lo"], { env: { PATH: searchPath } });
  for (const program of ["iptables-restore", "ip6tables-restore"]) {
    await must("sh", "-c", `printf '*%s\\nCOMMIT\\n' filter nat mangle | ${program}`);
  }
  for (const [setting, was] of settings) await writeFile(setting, was);
  await must("conntrack", "-F");
  await rm(folder, { recursive: true, force: true });
}

async function must(program: string, ...args: string[]): Promise<void> {
  const { code, output } = await run(program, args, { env: { PATH: searchPath } });
  if (code !== 0) throw new ClusterError("refused", `${program} ${args.join(" ")}: ${output}`);
}
