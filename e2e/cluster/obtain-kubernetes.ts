import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { versions } from "#e2e/cluster/versions.ts";
import { goBuild } from "#infra/tools/go-build.ts";
import { installIntoCache } from "#infra/tools/install-into-cache.ts";
import type { Obtaining, Tool } from "#infra/tools/tool.ts";
import { versionOf } from "#infra/tools/version-of.ts";
import { withGo, type GoClient, type GoModule } from "#infra/tools/with-go.ts";

const module: GoModule = {
  folder: path.join(import.meta.dirname, "go"),
  oldestGo: versions.oldestGo,
  title: "Kubernetes",
};
const kubernetes = ["apiserver", "controller-manager", "scheduler", "proxy"].map((part) => `kube-${part}`);
const commands = [
  ...[...kubernetes, "kubelet", "kubectl"].map((name) => `k8s.io/kubernetes/cmd/${name}`),
  "sigs.k8s.io/metrics-server/cmd/metrics-server",
  "sigs.k8s.io/kwok/cmd/kwok",
  "./coredns",
  "./echo",
  "./pause",
];

/** The part of a program's version that a plain build would leave empty, and clients look at. */
const [major, minor] = versions.kubernetes.split(".") as [string, string];
const variables = {
  "k8s.io/component-base/version.gitVersion": `v${versions.kubernetes}`,
  "k8s.io/component-base/version.gitMajor": major,
  "k8s.io/component-base/version.gitMinor": minor,
};

/** Files that belong to a program, taken from its module: [module, folder in it, folder of ours, which]. */
const moduleFiles = [
  ["sigs.k8s.io/gateway-api", "config/crd/standard", "gateway-api", /\.yaml$/],
  ["sigs.k8s.io/kwok", "kustomize/stage/node/fast", "stages", /^node-.*\.yaml$/],
  ["sigs.k8s.io/kwok", "kustomize/stage/node/heartbeat-with-lease", "stages", /^node-.*\.yaml$/],
  ["sigs.k8s.io/kwok", "kustomize/stage/pod/fast", "stages", /^pod-.*\.yaml$/],
] as const;

/**
 * Compiles a cluster's programs from their Go modules, once: control plane, kubelet, kube-proxy, kubectl,
 * metrics-server, kwok, CoreDNS, and two of ours that run in pods. Beside `bin/` come the Gateway API's types
 * (`gateway-api/`) and kwok's behaviours (`stages/`).
 *
 * @returns a tool whose path is the folder
 * @throws ToolError
 */
export async function obtainKubernetes(options: Obtaining & { searchPath: string }): Promise<Tool> {
  const name = `kubernetes-${versions.kubernetes}`;
  const folder = path.join(options.cache, name);
  const stamp = await stampOf(module.folder);
  return installIntoCache({
    ...options,
    name,
    async find() {
      if ((await readFile(path.join(folder, "stamp"), "utf8").catch(() => null)) !== stamp) return null;
      const version = await versionOf(path.join(folder, "bin/kube-apiserver"), ["--version"]);
      return version === versions.kubernetes ? { path: folder, version, source: "cache" } : null;
    },
    async make(making) {
      const what = `Kubernetes ${versions.kubernetes}`;
      await withGo(module, options, async (go) => {
        await goBuild(go, { what, commands, variables, folder: making, onProgress: options.onProgress });
        for (const [source, from, to, which] of moduleFiles) {
          await copyFromModule(go, source, from, path.join(making, to), which);
        }
      });
      await writeFile(path.join(making, "stamp"), stamp);
      return "build";
    },
  });
}

/** Changes when anything that is compiled does. */
async function stampOf(folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    if (/\.(go|mod|sum)$/.test(name)) hash.update(name).update(await readFile(path.join(folder, name)));
  }
  return hash.update(commands.join()).digest("hex");
}

async function copyFromModule(go: GoClient, source: string, from: string, to: string, which: RegExp) {
  await go(["mod", "download", source]);
  const folder = path.join((await go(["list", "-m", "-f", "{{.Dir}}", source])).trim(), from);
  await mkdir(to, { recursive: true });
  for (const name of await readdir(folder)) {
    if (which.test(name)) await copyFile(path.join(folder, name), path.join(to, name));
  }
}
