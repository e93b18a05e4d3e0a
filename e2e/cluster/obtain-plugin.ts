import { realpath } from "node:fs/promises";
import path from "node:path";
import { kubernetesPlugin, obtainKubernetesPlugin } from "#infra/tools/obtain-kubernetes-plugin.ts";
import { obtainPulumi } from "#infra/tools/obtain-pulumi.ts";
import { onPath } from "#infra/tools/on-path.ts";
import { ToolError, type Obtaining } from "#infra/tools/tool.ts";

/** The engine's plugin for Kubernetes: the vendor's, or what stands in for it. */
export type KubernetesPlugin = {
  kind: "real" | "stand-in";
  /** to be put on PATH, before all else */
  folder: string;
  /** how it was come by, for a person */
  said: string;
};

const standIn = path.join(import.meta.dirname, "stand-in");

/** How long the vendor's plugin may take to arrive, in milliseconds. */
const timeoutMs = 30_000;

/**
 * Gets the vendor's plugin as the worker does; it is in no registry of a language, so where the vendor isn't reached
 * the stand-in serves.
 */
export async function obtainPlugin(options: Obtaining & { searchPath: string }): Promise<KubernetesPlugin> {
  const { signal } = options;
  try {
    const engine = (await obtainPulumi(options)).path;
    const searchPath = await withoutStandIn(options.searchPath);
    const found = await obtainKubernetesPlugin({ ...options, searchPath, engine, timeoutMs });
    const said = `the vendor's plugin ${found.version}, ${found.path}`;
    return { kind: "real", folder: path.dirname(found.path), said };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ToolError)) throw error;
    return { kind: "stand-in", folder: standIn, said: `the stand-in. ${error.message}` };
  }
}

/** Folders of PATH without one whose plugin is ours. */
async function withoutStandIn(searchPath: string): Promise<string> {
  const folders: string[] = [];
  for (const folder of searchPath.split(path.delimiter)) {
    const there = onPath(kubernetesPlugin, folder);
    if (!there || path.dirname(await realpath(there)) !== standIn) folders.push(folder);
  }
  return folders.join(path.delimiter);
}
