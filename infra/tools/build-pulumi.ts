import path from "node:path";
import { goBuild } from "#infra/tools/go-build.ts";
import type { Obtaining } from "#infra/tools/tool.ts";
import { versions } from "#infra/tools/versions.ts";
import { withGo, type GoModule } from "#infra/tools/with-go.ts";

const module: GoModule = {
  folder: path.join(import.meta.dirname, "pulumi-cli"),
  oldestGo: versions.oldestGo,
  title: "The engine",
};
const command = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/**
 * Compiles the engine from its Go module, pinned by pulumi-cli/go.mod and go.sum, at the lowest priority. About
 * four minutes on two cores the first time.
 *
 * @param folder gets `bin/pulumi`
 */
export async function buildPulumi(
  folder: string,
  options: Obtaining & { searchPath: string },
): Promise<void> {
  await withGo(module, options, (go) =>
    goBuild(go, {
      what: `Pulumi ${versions.pulumi}`,
      commands: [command],
      variables: { [versionVariable]: `v${versions.pulumi}` },
      folder,
      onProgress: options.onProgress,
    }),
  );
}
