import { goWorkFolder, obtainGo } from "#infra/tools/find-go.ts";
import { run } from "#infra/tools/run.ts";
import { ToolError, type Obtaining } from "#infra/tools/tool.ts";

export type GoModule = {
  /** the folder of a `go.mod` and `go.sum`, which pin what is compiled */
  folder: string;
  /** the Go that this `go.mod` asks for, at least */
  oldestGo: string;
  /** what is made of it, as a sentence names it: "The engine" */
  title: string;
};

/** Runs the Go client in the module's folder, at the lowest priority. @returns the end of what it printed */
export type GoClient = (args: string[], onLine?: (line: string) => void) => Promise<string>;

/**
 * Does some work with a Go toolchain, which is fetched where the machine has none that is new enough.
 *
 * @throws ToolError `build_failed` if the client fails; those of obtainGo
 */
export async function withGo(
  module: GoModule,
  options: Obtaining & { searchPath: string },
  work: (go: GoClient) => Promise<void>,
): Promise<void> {
  const go = await obtainGo({ ...options, oldest: module.oldestGo });
  // A Go of the machine's own uses its own caches, which may be warm.
  const workFolder = go.source === "path" ? null : await goWorkFolder(options.cache);
  const env = {
    GOFLAGS: "-mod=readonly -modcacherw",
    GOTOOLCHAIN: "local",
    CGO_ENABLED: "0",
    ...workFolder?.env,
  };
  await work(async (args, onLine) => {
    const { signal } = options;
    const ran = await run("nice", ["-n", "19", go.path, ...args], {
      cwd: module.folder,
      env,
      signal,
      onLine,
    });
    if (ran.code === 0) return ran.output;
    const end = ran.output.split("\n").slice(-3).join(" ");
    throw new ToolError("build_failed", `${module.title} couldn't be compiled with Go ${go.version}: ${end}`);
  });
  await workFolder?.clear();
}
