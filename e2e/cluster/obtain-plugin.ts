import { access, realpath } from "node:fs/promises";
import path from "node:path";
import { obtainPulumi } from "#infra/tools/obtain-pulumi.ts";
import { onPath } from "#infra/tools/on-path.ts";
import { run } from "#infra/tools/run.ts";
import type { Obtaining } from "#infra/tools/tool.ts";
import packageJson from "../../package.json" with { type: "json" };

/** The engine's plugin for Kubernetes: the vendor's, or what stands in for it. */
export type KubernetesPlugin = {
  kind: "real" | "stand-in";
  /** to be put on PATH, before all else */
  folder: string;
  /** how it was come by, for a person */
  said: string;
};

const version = packageJson.dependencies["@pulumi/kubernetes"];
const command = "pulumi-resource-kubernetes";
const standIn = path.join(import.meta.dirname, "stand-in");

/** How long the vendor's plugin may take to arrive, in milliseconds. */
const patience = 30_000;

/**
 * Looks for the vendor's plugin on PATH and in the cache, then tries to install it there; it is in no registry of a
 * language, so where the vendor isn't reached the stand-in serves.
 */
export async function obtainPlugin(options: Obtaining & { searchPath: string }): Promise<KubernetesPlugin> {
  const { cache, searchPath, signal } = options;
  const there = onPath(command, searchPath);
  if (there && path.dirname(await realpath(there)) !== standIn) {
    return { kind: "real", folder: path.dirname(there), said: `the vendor's plugin at ${there}` };
  }
  const home = path.join(cache, "pulumi-plugins");
  const folder = path.join(home, `plugins/resource-kubernetes-v${version}`);
  const isThere = () =>
    access(path.join(folder, command)).then(
      () => true,
      () => false,
    );
  const real = { kind: "real", folder, said: `the vendor's plugin, ${version}` } as const;
  if (await isThere()) return real;
  const pulumi = await obtainPulumi(options);
  const { output } = await run(pulumi.path, ["plugin", "install", "resource", "kubernetes", version], {
    env: { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
    signal,
    timeout: patience,
  }).catch((error: Error) => ({ output: error.message }));
  if (await isThere()) return real;
  const why = output.split("\n").find((line) => line.includes("error")) ?? output.split("\n").at(-1);
  return {
    kind: "stand-in",
    folder: standIn,
    said: `the stand-in: the vendor's plugin can't be had (${why})`,
  };
}
