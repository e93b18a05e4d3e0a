import { obtainPlugin, pluginProgram, type EnginePlugin } from "#infra/tools/obtain-plugin.ts";
import type { Obtaining, Tool } from "#infra/tools/tool.ts";
import packageJson from "../../package.json" with { type: "json" };

const plugin: EnginePlugin = {
  name: "kubernetes",
  title: "Kubernetes",
  version: packageJson.dependencies["@pulumi/kubernetes"],
};

/** What the engine looks for on PATH to work on a cluster. */
export const kubernetesPlugin = pluginProgram(plugin);

export const kubernetesPluginVersion = plugin.version;

/** Gets the engine's plugin for clusters. @throws ToolError as `obtainPlugin` */
export function obtainKubernetesPlugin(
  options: Obtaining & { searchPath: string; engine: string; timeoutMs?: number },
): Promise<Tool> {
  return obtainPlugin(plugin, options);
}
