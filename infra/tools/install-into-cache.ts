import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { tryLock, waitForLock } from "#infra/processes/lock.ts";
import { ToolError, type Obtaining, type Tool } from "#infra/tools/tool.ts";

/**
 * Makes one folder of the cache, whole or not at all: `make` fills a folder beside it, which takes its place
 * when it is done. Two processes at once wait for each other; the second finds what the first made.
 *
 * @param name of the folder in the cache
 * @param find looks for the finished tool
 * @param make fills the given folder; whatever it throws leaves the cache as it was
 */
export async function installIntoCache(
  options: Obtaining & {
    name: string;
    find(): Promise<Tool | null>;
    make(folder: string): Promise<Tool["source"]>;
  },
): Promise<Tool> {
  const { cache, name, signal } = options;
  const folder = path.join(cache, name);
  await mkdir(cache, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new ToolError(
      "cache_not_writable",
      `The folder for tools, ${cache}, can't be written (${cause.code}). Make it writable, or choose another by SLUICE_CACHE.`,
      { cause },
    );
  });
  const found = await options.find();
  if (found) return found;
  const lock = (await tryLock(`obtain ${folder}`)) ?? (await waitForOther());
  try {
    const madeMeanwhile = await options.find();
    if (madeMeanwhile) return madeMeanwhile;
    await removeLeftovers(cache, name);
    const making = path.join(cache, `${name}.making`);
    await mkdir(making);
    try {
      const source = await options.make(making);
      await rm(folder, { recursive: true, force: true });
      await rename(making, folder);
      const tool = await options.find();
      if (!tool)
        throw new ToolError("not_found", `What was obtained for ${name} doesn't run on this machine.`);
      return { ...tool, source };
    } finally {
      await rm(making, { recursive: true, force: true });
    }
  } finally {
    await lock.release();
  }

  function waitForOther() {
    options.onProgress("Waiting for another process that is obtaining it", null);
    return waitForLock(`obtain ${folder}`, signal);
  }
}

/** Of processes that were killed while they made it: only the lock's holder is here. */
async function removeLeftovers(cache: string, name: string): Promise<void> {
  for (const entry of await readdir(cache)) {
    if (entry.startsWith(`${name}.making`))
      await rm(path.join(cache, entry), { recursive: true, force: true });
  }
}
