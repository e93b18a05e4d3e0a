import path from "node:path";
import type { Obtaining } from "#infra/tools/tool.ts";
import type { GoClient } from "#infra/tools/with-go.ts";

/**
 * Compiles commands of a module, stripped.
 *
 * @param what names them in the progress: "Pulumi 3.259.0"
 * @param variables of the program, set when it is linked, by their full names
 * @param folder gets `bin/NAME` for each command
 */
export async function goBuild(
  go: GoClient,
  options: {
    what: string;
    commands: string[];
    variables: Record<string, string>;
    folder: string;
    onProgress: Obtaining["onProgress"];
  },
): Promise<void> {
  const { what, commands, onProgress } = options;
  const fetching = `Fetching the sources of ${what}`;
  onProgress(fetching, null);
  const packages = new Set<string>();
  let modules = 0;
  await go(["list", "-deps", ...commands], (line) => {
    if (line.startsWith("go: downloading")) onProgress(`${fetching}: ${++modules} modules`, null);
    else packages.add(line);
  });

  const compiling = `Compiling ${what}`;
  onProgress(compiling, 0);
  let compiled = 0;
  let percent = 0;
  const set = Object.entries(options.variables).map(([name, value]) => `-X ${name}=${value}`);
  const flags = ["-s", "-w", ...set].join(" ");
  const output = path.join(options.folder, "bin") + path.sep; // a folder, whatever the number of commands
  await go(["build", "-v", "-trimpath", "-ldflags", flags, "-o", output, ...commands], (line) => {
    if (!packages.has(line)) return;
    const reached = Math.floor((100 * ++compiled) / packages.size);
    if (reached > percent) onProgress(compiling, (percent = reached) / 100);
  });
}
