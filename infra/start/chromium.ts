import { onPath } from "#infra/tools/on-path.ts";
import { run } from "#infra/tools/run.ts";

/**
 * Finds the browser for the browser tests, or installs Debian's where this process may.
 *
 * @returns its path, or why there is none and what to do
 */
export async function findChromium(searchPath: string): Promise<{ path: string } | { reason: string }> {
  const find = () =>
    ["chromium", "chromium-browser", "google-chrome"].map((name) => onPath(name, searchPath)).find(Boolean);
  const found = find();
  if (found) return { path: found };
  const fix = "Install Chromium, for instance as root: apt-get install chromium";
  if (!onPath("apt-get", searchPath)) return { reason: `There is no Chromium on PATH. ${fix}` };
  if (process.getuid?.() !== 0)
    return { reason: `There is no Chromium on PATH, and only root can install it. ${fix}` };
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update", "-q"], { env });
  const { code, output } = await run(
    "apt-get",
    ["install", "-y", "-q", "--no-install-recommends", "chromium"],
    { env },
  );
  const installed = find();
  if (installed) return { path: installed };
  return { reason: `apt-get couldn't install Chromium (code ${code}): ${output.split("\n").at(-1)}` };
}
