import path from "node:path";
import { onPath } from "#infra/tools/on-path.ts";
import type { Tool } from "#infra/tools/tool.ts";
import { versionOf } from "#infra/tools/version-of.ts";
import { versions } from "#infra/tools/versions.ts";

export const pulumiFolder = `pulumi-${versions.pulumi}`;

/** Looks for the engine where Sluice puts it. @returns null if it isn't there, or isn't the pinned version */
export async function pulumiInCache(cache: string): Promise<Tool | null> {
  const file = path.join(cache, pulumiFolder, "bin/pulumi");
  const version = await versionOf(file, ["version"]);
  return version === versions.pulumi ? { path: file, version, source: "cache" } : null;
}

/**
 * Looks for the engine in the cache, then on PATH, there only at exactly the pinned version: it and the SDK
 * must be of one release.
 *
 * @param searchPath a PATH
 */
export async function findPulumi(cache: string, searchPath: string): Promise<Tool | null> {
  const cached = await pulumiInCache(cache);
  if (cached) return cached;
  const file = onPath("pulumi", searchPath);
  if (!file) return null;
  const version = await versionOf(file, ["version"]);
  return version === versions.pulumi ? { path: file, version, source: "path" } : null;
}
