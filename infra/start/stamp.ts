import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/**
 * One hash over files and folders, by name and content: equal means that nothing built from them changed.
 *
 * @param extra whatever else the result depends on
 */
export async function stampOf(root: string, entries: string[], extra = ""): Promise<string> {
  const hash = createHash("sha256").update(extra);
  for (const entry of entries) await add(hash, root, entry);
  return hash.digest("hex");
}

async function add(hash: ReturnType<typeof createHash>, root: string, entry: string): Promise<void> {
  const full = path.join(root, entry);
  const children = await readdir(full).catch((error: NodeJS.ErrnoException) => error.code);
  if (Array.isArray(children)) {
    for (const child of children.sort()) await add(hash, root, path.join(entry, child));
  } else if (children === "ENOTDIR") {
    hash.update(`\0${entry}\0`).update(await readFile(full));
  }
}
