import { access } from "node:fs/promises";
import path from "node:path";
import { onPath } from "#infra/tools/on-path.ts";
import { run } from "#infra/tools/run.ts";
import { ToolError, type Obtaining, type Tool } from "#infra/tools/tool.ts";
import packageJson from "../../package.json" with { type: "json" };

/** What the engine looks for on PATH to work on a cluster. */
export const kubernetesPlugin = "pulumi-resource-kubernetes";

/** The SDK's own version: the two speak of the same types. */
export const kubernetesPluginVersion = packageJson.dependencies["@pulumi/kubernetes"];

/** How long the vendor's server may take to hand it over: it has some 40 MB. */
const patienceMs = 5 * 60_000;

/**
 * Gets the engine's plugin for clusters: from PATH, from the cache, or by the engine's own installer. It is in no
 * package registry.
 *
 * @param options.engine the engine's program
 * @throws ToolError `unreachable`: what to do, then on a line of its own the installer's words
 */
export async function obtainKubernetesPlugin(
  options: Obtaining & { searchPath: string; engine: string; timeoutMs?: number },
): Promise<Tool> {
  const { cache, searchPath, engine, signal, onProgress, timeoutMs = patienceMs } = options;
  const version = kubernetesPluginVersion;
  const there = onPath(kubernetesPlugin, searchPath);
  if (there) return { path: there, version, source: "path" };
  const home = path.join(cache, "pulumi-plugins");
  const file = path.join(home, `plugins/resource-kubernetes-v${version}`, kubernetesPlugin);
  if (await isThere(file)) return { path: file, version, source: "cache" };
  onProgress("Downloading Pulumi's plugin for Kubernetes", null);
  const env = { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const args = ["plugin", "install", "resource", "kubernetes", version];
  const said = await run(engine, args, { env, signal, timeout: timeoutMs }).then(
    ({ output }) => output,
    (error: unknown) => {
      signal.throwIfAborted();
      return error instanceof Error ? error.message : String(error);
    },
  );
  if (await isThere(file)) return { path: file, version, source: "download" };
  const why = said.split("\n").findLast((line) => line.includes("error")) ?? said.split("\n").at(-1);
  const message = `Pulumi's plugin for Kubernetes ${version} can't be downloaded. Give this machine a way to get.pulumi.com, or put ${kubernetesPlugin} on PATH.\n${why}`;
  throw new ToolError("unreachable", message);
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
