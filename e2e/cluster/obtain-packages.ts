import { existsSync } from "node:fs";
import path from "node:path";
import { ClusterError } from "#e2e/cluster/cluster-error.ts";
import { onPath } from "#infra/tools/on-path.ts";
import { run } from "#infra/tools/run.ts";
import type { Obtaining } from "#infra/tools/tool.ts";

/** Debian's package for each program that a node is made of. */
const packages = {
  etcd: "etcd-server",
  containerd: "containerd",
  ctr: "containerd",
  runc: "runc",
  iptables: "iptables",
  conntrack: "conntrack",
  ip: "iproute2",
  unshare: "util-linux",
} as const;

/** Programs of administrators, which a plain user's PATH leaves out. */
export const searchPath = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin";

const pluginFolders = ["/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"];

/** Where the plugins are that give a pod its network, or null. */
export function networkPlugins(): string | null {
  return pluginFolders.find((folder) => existsSync(path.join(folder, "ptp"))) ?? null;
}

/**
 * Sees to it that the machine has what a node is made of, installing with apt-get what is missing.
 *
 * @throws ClusterError `not_root`; `packages_missing`, which names them
 */
export async function obtainPackages({ signal, onProgress }: Omit<Obtaining, "cache">): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new ClusterError(
      "not_root",
      "A cluster's node needs root (namespaces, mounts). Run the tests as root.",
    );
  }
  const wanted = missing();
  if (wanted.length === 0) return;
  onProgress(`Installing ${wanted.join(", ")}`, null);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "-y", "--no-install-recommends", ...wanted];
  let said = "";
  for (const args of [["update"], install]) {
    try {
      said = (await run("apt-get", ["-q", ...args], { env, signal, timeout: 10 * 60_000 })).output;
    } catch (cause) {
      signal.throwIfAborted();
      throw packagesMissing(wanted, "apt-get can't be run here.", cause);
    }
  }
  const still = missing();
  if (still.length > 0) throw packagesMissing(still, said.split("\n").at(-1) ?? "", null);
}

function missing(): string[] {
  const names = Object.entries(packages).filter(([program]) => onPath(program, searchPath) === null);
  const plugins = networkPlugins() === null ? ["containernetworking-plugins"] : [];
  return [...new Set([...names.map(([, name]) => name as string), ...plugins])];
}

function packagesMissing(names: string[], why: string, cause: unknown): ClusterError {
  const list = names.join(", ");
  return new ClusterError(
    "packages_missing",
    `Not installed: ${list}. ${why} Install them, then run again.`,
    {
      cause,
    },
  );
}
