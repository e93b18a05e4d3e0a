import { realpath } from "node:fs/promises";
import path from "node:path";
import { obtainPulumi } from "#infra/tools/obtain-pulumi.ts";
import { onPath } from "#infra/tools/on-path.ts";
import { ToolError, type Obtaining, type Tool } from "#infra/tools/tool.ts";

/** One of the engine's plugins: the vendor's, or what stands in for it. */
export type ChosenPlugin = {
  kind: "real" | "stand-in";
  /** to be put on PATH, before all else */
  folder: string;
  /** how it was come by, for a person */
  said: string;
};

/** How long the vendor's plugin may take to arrive, in milliseconds. */
const timeoutMs = 30_000;

/**
 * Gets the vendor's plugin as the worker does; it is in no registry of a language, so where the vendor isn't reached
 * the stand-in serves.
 */
export async function choosePlugin(
  plugin: {
    program: string;
    standIn: string;
    obtain: (options: Obtaining & { searchPath: string; engine: string; timeoutMs: number }) => Promise<Tool>;
  },
  options: Obtaining & { searchPath: string },
): Promise<ChosenPlugin> {
  const { signal } = options;
  try {
    const engine = (await obtainPulumi(options)).path;
    const searchPath = await withoutStandIn(plugin, options.searchPath);
    const found = await plugin.obtain({ ...options, searchPath, engine, timeoutMs });
    const said = `the vendor's plugin ${found.version}, ${found.path}`;
    return { kind: "real", folder: path.dirname(found.path), said };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ToolError)) throw error;
    return { kind: "stand-in", folder: plugin.standIn, said: `the stand-in. ${error.message}` };
  }
}

/** Folders of PATH without one whose plugin is ours. */
async function withoutStandIn(
  { program, standIn }: { program: string; standIn: string },
  searchPath: string,
): Promise<string> {
  const folders: string[] = [];
  for (const folder of searchPath.split(path.delimiter)) {
    const there = onPath(program, folder);
    if (!there || path.dirname(await realpath(there)) !== standIn) folders.push(folder);
  }
  return folders.join(path.delimiter);
}
