import path from "node:path";
import { goWorkFolder, obtainGo } from "#infra/tools/find-go.ts";
import { run } from "#infra/tools/run.ts";
import { ToolError, type Obtaining } from "#infra/tools/tool.ts";
import { versions } from "#infra/tools/versions.ts";

const moduleFolder = path.join(import.meta.dirname, "pulumi-cli");
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
  const go = await obtainGo(options);
  // A Go of the machine's own uses its own caches, which may be warm.
  const work = go.source === "path" ? null : await goWorkFolder(options.cache);
  const env = {
    GOFLAGS: "-mod=readonly -modcacherw",
    GOTOOLCHAIN: "local",
    CGO_ENABLED: "0",
    ...work?.env,
  };
  const goRun = async (args: string[], onLine: (line: string) => void) => {
    const { signal } = options;
    const ran = await run("nice", ["-n", "19", go.path, ...args], { cwd: moduleFolder, env, signal, onLine });
    if (ran.code === 0) return;
    const end = ran.output.split("\n").slice(-3).join(" ");
    throw new ToolError("build_failed", `The engine couldn't be compiled with Go ${go.version}: ${end}`);
  };

  const fetching = `Fetching the sources of Pulumi ${versions.pulumi}`;
  options.onProgress(fetching, null);
  const packages = new Set<string>();
  let modules = 0;
  await goRun(["list", "-deps", command], (line) => {
    if (line.startsWith("go: downloading")) options.onProgress(`${fetching}: ${++modules} modules`, null);
    else packages.add(line);
  });

  const compiling = `Compiling Pulumi ${versions.pulumi}`;
  options.onProgress(compiling, 0);
  let compiled = 0;
  let percent = 0;
  const flags = `-s -w -X ${versionVariable}=v${versions.pulumi}`;
  const output = path.join(folder, "bin/pulumi");
  await goRun(["build", "-v", "-trimpath", "-ldflags", flags, "-o", output, command], (line) => {
    if (!packages.has(line)) return;
    const reached = Math.floor((100 * ++compiled) / packages.size);
    if (reached > percent) options.onProgress(compiling, (percent = reached) / 100);
  });
  await work?.clear();
}
