import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { download, type DownloadOptions } from "#infra/tools/download.ts";
import { run } from "#infra/tools/run.ts";
import { ToolError, type Obtaining } from "#infra/tools/tool.ts";
import { verifyChecksum } from "#infra/tools/verify-checksum.ts";
import { versions } from "#infra/tools/versions.ts";

/**
 * Fetches the engine's release archive, checks it against the release's own checksums and takes the one program
 * from it that is needed.
 *
 * @param folder gets `bin/pulumi`
 * @param base the address that holds the release's files
 */
export async function downloadPulumi(
  folder: string,
  base: string,
  options: Pick<Obtaining, "signal" | "onProgress"> & Pick<DownloadOptions, "connectMs" | "stallMs">,
): Promise<void> {
  const step = `Downloading Pulumi ${versions.pulumi}`;
  const name = `pulumi-v${versions.pulumi}-${process.platform}-${process.arch}.tar.gz`;
  const sums = path.join(folder, "checksums.txt");
  const archive = path.join(folder, name);
  options.onProgress(step, null);
  try {
    await download(`${base}/pulumi-${versions.pulumi}-checksums.txt`, sums, {
      ...options,
      onProgress: undefined,
    });
    const onProgress = (fraction: number) => options.onProgress(step, fraction);
    await download(`${base}/${name}`, archive, { ...options, onProgress });
    options.onProgress("Checking the download", null);
    await verifyChecksum(archive, sums, name);
    const bin = path.join(folder, "bin");
    await mkdir(bin);
    const args = ["-xzf", archive, "-C", bin, "--strip-components=1", "pulumi/pulumi"];
    const { code, output } = await run("tar", args, { signal: options.signal });
    if (code !== 0) throw new ToolError("broken_archive", `${name} can't be unpacked: ${output}`);
  } finally {
    await rm(sums, { force: true });
    await rm(archive, { force: true });
  }
}
