import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { installIntoCache } from "#infra/tools/install-into-cache.ts";
import { pipInstall } from "#infra/tools/pip-install.ts";
import type { Obtaining, Tool } from "#infra/tools/tool.ts";

/** The version of the client for Python whose documents are used, as its requirements file pins it. */
const version = "2.202.0";

/** Documents of the APIs that the portal calls, by their names in the wheel. */
export const documentNames = [
  "compute.beta",
  "container.v1beta1",
  "iam.v1",
  "cloudresourcemanager.v1",
  "storage.v1",
  "monitoring.v3",
  "logging.v2",
  "serviceusage.v1",
] as const;

export type DocumentName = (typeof documentNames)[number];

/**
 * Gets Google's own descriptions of its APIs; `path` is the folder with a JSON file for each.
 *
 * @throws ToolError
 */
export async function obtainDiscovery(options: Obtaining): Promise<Tool> {
  const name = `google-discovery-${version}`;
  const folder = path.join(options.cache, name);
  return installIntoCache({
    ...options,
    name,
    async find() {
      const whole = documentNames.every((document) => existsSync(path.join(folder, `${document}.json`)));
      return whole ? { path: folder, version, source: "cache" } : null;
    },
    async make(making) {
      options.onProgress(`Fetching Google's Discovery documents ${version}`, null);
      const wheel = path.join(making, "wheel");
      await mkdir(wheel);
      await pipInstall(path.join(import.meta.dirname, "requirements-google-apis.txt"), wheel, options);
      const documents = path.join(wheel, "googleapiclient/discovery_cache/documents");
      for (const document of documentNames) {
        await rename(path.join(documents, `${document}.json`), path.join(making, `${document}.json`));
      }
      // The rest of the wheel is ten times as big.
      await rm(wheel, { recursive: true });
      return "wheel";
    },
  });
}
