import { rm } from "node:fs/promises";
import path from "node:path";
import { buildPulumi } from "#infra/tools/build-pulumi.ts";
import type { DownloadOptions } from "#infra/tools/download.ts";
import { downloadPulumi } from "#infra/tools/download-pulumi.ts";
import { findPulumi, pulumiFolder } from "#infra/tools/find-pulumi.ts";
import { installIntoCache } from "#infra/tools/install-into-cache.ts";
import { ToolError, type Obtaining, type Tool } from "#infra/tools/tool.ts";
import { pulumiReleases } from "#infra/tools/versions.ts";

export type PulumiWays = Obtaining &
  Pick<DownloadOptions, "connectMs" | "stallMs"> & {
    /** a PATH to look for the engine and for Go on */
    searchPath: string;
    /** the address of the release's files; the vendor's by default */
    releases?: string;
    build?: typeof buildPulumi;
  };

/**
 * Gets the engine: from the cache, from PATH at exactly the pinned version, by downloading the release, by
 * compiling it, in this order.
 *
 * @throws ToolError that says why neither of the last two worked
 */
export async function obtainPulumi(options: PulumiWays): Promise<Tool> {
  const { releases = pulumiReleases, build = buildPulumi } = options;
  return installIntoCache({
    ...options,
    name: pulumiFolder,
    find: () => findPulumi(options.cache, options.searchPath),
    async make(folder) {
      try {
        await downloadPulumi(folder, releases, options);
        return "download";
      } catch (downloading) {
        options.signal.throwIfAborted();
        if (!(downloading instanceof ToolError)) throw downloading;
        await rm(path.join(folder, "bin"), { recursive: true, force: true });
        return await buildInstead(folder, downloading);
      }
    },
  });

  async function buildInstead(folder: string, downloading: ToolError): Promise<Tool["source"]> {
    try {
      await build(folder, options);
      return "build";
    } catch (building) {
      options.signal.throwIfAborted();
      if (!(building instanceof ToolError)) throw building;
      const message = `Pulumi can't be had. Downloading it: ${downloading.message} Compiling it: ${building.message}`;
      throw new ToolError(building.reason, message, { cause: downloading });
    }
  }
}
