import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { ToolError } from "#infra/tools/tool.ts";

/**
 * Checks a file against a list as `sha256sum` writes it: a line `<hex>  <name>` per file.
 *
 * @param name what the list calls the file
 * @throws ToolError `checksum_mismatch`, also if the list doesn't have it
 */
export async function verifyChecksum(file: string, listFile: string, name: string): Promise<void> {
  const list = await readFile(listFile, "utf8");
  const line = list.split("\n").find((one) => one.trim().split(/\s+\*?/)[1] === name);
  if (!line) throw new ToolError("checksum_mismatch", `The release's checksums don't list ${name}.`);
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  if (hash.digest("hex") !== line.trim().split(/\s+/)[0]?.toLowerCase()) {
    throw new ToolError(
      "checksum_mismatch",
      `What was downloaded isn't the ${name} that the release's checksums list.`,
    );
  }
}
