import path from "node:path";
import { choosePlugin, type ChosenPlugin } from "#e2e/stand-in/choose-plugin.ts";
import { kubernetesPlugin, obtainKubernetesPlugin } from "#infra/tools/obtain-kubernetes-plugin.ts";
import type { Obtaining } from "#infra/tools/tool.ts";

/** The engine's plugin for Kubernetes: the vendor's, or what stands in for it. */
export type KubernetesPlugin = ChosenPlugin;

export function obtainPlugin(options: Obtaining & { searchPath: string }): Promise<KubernetesPlugin> {
  const standIn = path.join(import.meta.dirname, "stand-in");
  return choosePlugin({ program: kubernetesPlugin, standIn, obtain: obtainKubernetesPlugin }, options);
}
