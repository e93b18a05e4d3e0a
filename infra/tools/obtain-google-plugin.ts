import { obtainPlugin, pluginProgram, type EnginePlugin } from "#infra/tools/obtain-plugin.ts";
import type { Obtaining, Tool } from "#infra/tools/tool.ts";
import packageJson from "../../package.json" with { type: "json" };

const plugin: EnginePlugin = {
  name: "gcp",
  title: "Google Cloud",
  version: packageJson.dependencies["@pulumi/gcp"],
};

/** What the engine looks for on PATH to work on Google's cloud. */
export const googlePlugin = pluginProgram(plugin);

export const googlePluginVersion = plugin.version;

/** Gets the engine's plugin for Google's cloud. @throws ToolError as `obtainPlugin` */
export function obtainGooglePlugin(
  options: Obtaining & { searchPath: string; engine: string; timeoutMs?: number },
): Promise<Tool> {
  return obtainPlugin(plugin, options);
}
