import { access } from "node:fs/promises";
import path from "node:path";
import { askPluginVersion } from "#infra/tools/ask-plugin-version.ts";
import { onPath } from "#infra/tools/on-path.ts";
import { run } from "#infra/tools/run.ts";
import { ToolError, type Obtaining, type Tool } from "#infra/tools/tool.ts";

/** One of the engine's plugins. */
export type EnginePlugin = {
  /** as the engine names it, such as `kubernetes` */
  name: string;
  /** for a person, such as `Kubernetes` */
  title: string;
  /** the SDK's own, which is what is installed: the two speak of the same types */
  version: string;
};

/** How long the vendor's server may take to hand one over: it has some 40 MB. */
const patienceMs = 5 * 60_000;

/** Instead of a version, of a plugin on PATH that doesn't say its own. */
export const versionNotKnown = "of a version that isn't known";

/** What the engine looks for on PATH. */
export function pluginProgram({ name }: Pick<EnginePlugin, "name">): string {
  return `pulumi-resource-${name}`;
}

/**
 * Gets one of the engine's plugins: from PATH, from the cache, or by the engine's own installer. They are in no package
 * registry.
 *
 * @param options.engine the engine's program
 * @throws ToolError `unreachable`: what to do, then on a line of its own the installer's words
 */
export async function obtainPlugin(
  plugin: EnginePlugin,
  options: Obtaining & { searchPath: string; engine: string; timeoutMs?: number },
): Promise<Tool> {
  const { cache, searchPath, engine, signal, onProgress, timeoutMs = patienceMs } = options;
  const { name, title, version } = plugin;
  const program = pluginProgram(plugin);
  const there = onPath(program, searchPath);
  if (there) {
    const own = await askPluginVersion(there, { searchPath, signal });
    return { path: there, version: own ?? versionNotKnown, source: "path" };
  }
  const home = path.join(cache, "pulumi-plugins");
  const file = path.join(home, `plugins/resource-${name}-v${version}`, program);
  if (await isThere(file)) return { path: file, version, source: "cache" };
  onProgress(`Downloading Pulumi's plugin for ${title}`, null);
  const env = { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const args = ["plugin", "install", "resource", name, version];
  const said = await run(engine, args, { env, signal, timeout: timeoutMs }).then(
    ({ output }) => output,
    (error: unknown) => {
      signal.throwIfAborted();
      return error instanceof Error ? error.message : String(error);
    },
  );
  if (await isThere(file)) return { path: file, version, source: "download" };
  const why = said.split("\n").findLast((line) => line.includes("error")) ?? said.split("\n").at(-1);
  const message = `Pulumi's plugin for ${title} ${version} can't be downloaded. Give this machine a way to get.pulumi.com, or put ${program} on PATH.\n${why}`;
  throw new ToolError("unreachable", message);
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
