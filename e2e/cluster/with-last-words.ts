import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { ClusterError } from "#e2e/cluster/cluster-error.ts";

/**
 * Adds to an error of the cluster's what its programs said last: their logs go with the cluster.
 *
 * @param folder the cluster's
 * @returns what to throw; another's error as it is
 */
export async function withLastWords(folder: string, cause: unknown): Promise<unknown> {
  if (!(cause instanceof ClusterError)) return cause;
  const logs = path.join(folder, "logs");
  const ends = (await readdir(logs)).map(async (name) => {
    const lines = (await readFile(path.join(logs, name), "utf8")).trim().split("\n");
    return [`── ${name}`, ...lines.slice(-8).map((line) => line.slice(0, 300))].join("\n");
  });
  const said = (await Promise.all(ends)).join("\n");
  return new ClusterError(cause.reason, `${cause.message}\n${said}`, { cause });
}
