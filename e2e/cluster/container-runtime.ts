import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { addresses } from "#e2e/cluster/addresses.ts";
import { ClusterError } from "#e2e/cluster/cluster-error.ts";
import type { Parts } from "#e2e/cluster/control-plane.ts";
import { networkPlugins, searchPath } from "#e2e/cluster/obtain-packages.ts";
import { startProgram } from "#e2e/cluster/program.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";
import { run } from "#infra/tools/run.ts";

export type ContainerRuntime = {
  socket: string;
  /**
   * Makes an image known, under the name in its tar, without a registry.
   *
   * @param alias another name for it; with a digest, in the registry's own form (`docker.io/library/x@sha256:…`),
   * which needs not be its own
   */
  importImage(tar: string, alias?: { of: string; name: string }): Promise<void>;
};

export const pauseImage = "sluice.test/pause:1";

/** Starts containerd, with all that it keeps in the cluster's folder. */
export async function startContainerRuntime({ folder, programs }: Parts): Promise<ContainerRuntime> {
  const root = path.join(folder, "containerd");
  const socket = path.join(root, "socket");
  await mkdir(path.join(root, "network"), { recursive: true });
  await writeFile(path.join(root, "network/10-pods.conflist"), JSON.stringify(network(root)));
  await writeFile(path.join(root, "config.toml"), configuration(root, socket));
  const program = await startProgram(folder, "containerd", "containerd", [
    "-c",
    path.join(root, "config.toml"),
  ]);
  programs.push(program);
  const ctr = async (...args: string[]) => {
    const env = { PATH: searchPath };
    const { code, output } = await run("ctr", ["-a", socket, "-n", "k8s.io", ...args], { env });
    if (code !== 0) throw new ClusterError("refused", `ctr ${args[0]} ${args[1]}: ${output}`);
  };
  await waitUntil("containerd", async () => {
    await program.check();
    await ctr("images", "ls", "-q");
    return true;
  });
  return {
    socket,
    async importImage(tar, alias) {
      await ctr("images", "import", tar);
      if (alias) await ctr("images", "tag", "--force", alias.of, alias.name);
    },
  };
}

/** A pair of interfaces for each pod and routes between them: what pods say to one another passes the node's rules. */
function network(root: string): object {
  const ipam = {
    type: "host-local",
    dataDir: path.join(root, "addresses"),
    ranges: [[{ subnet: addresses.pods }]],
    routes: [{ dst: "0.0.0.0/0" }],
  };
  const plugins = [
    { type: "ptp", ipMasq: false, ipam },
    { type: "portmap", capabilities: { portMappings: true } },
  ];
  return { cniVersion: "0.4.0", name: "pods", plugins };
}

function configuration(root: string, socket: string): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  return `version = 2
root = ${JSON.stringify(path.join(root, "root"))}
state = ${JSON.stringify(path.join(root, "state"))}
[grpc]
address = ${JSON.stringify(socket)}
[plugins."io.containerd.internal.v1.opt"]
path = ${JSON.stringify(path.join(root, "opt"))}
[${cri}]
sandbox_image = "${pauseImage}"
restrict_oom_score_adj = true
disable_apparmor = true
netns_mounts_under_state_dir = true
stream_server_address = "127.0.0.1"
stream_server_port = "0"
[${cri}.cni]
bin_dir = ${JSON.stringify(networkPlugins())}
conf_dir = ${JSON.stringify(path.join(root, "network"))}
[${cri}.containerd]
snapshotter = "overlayfs"
[${cri}.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[${cri}.containerd.runtimes.runc.options]
SystemdCgroup = false
Root = ${JSON.stringify(path.join(root, "runc"))}
`;
}
