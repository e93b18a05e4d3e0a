import { choosePlugin, type ChosenPlugin } from "#e2e/stand-in/choose-plugin.ts";
import { googlePlugin, obtainGooglePlugin } from "#infra/tools/obtain-google-plugin.ts";
import type { Obtaining } from "#infra/tools/tool.ts";

/** The engine's plugin for Google's cloud: the vendor's, or what stands in for it. */
export function obtainCloudPlugin(options: Obtaining & { searchPath: string }): Promise<ChosenPlugin> {
  const standIn = import.meta.dirname;
  return choosePlugin({ program: googlePlugin, standIn, obtain: obtainGooglePlugin }, options);
}
