import { chmod, copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { modelFiles } from "#infra/images/model-files.ts";

/**
 * Lays out the folder that a model's image is built from, readable to whatever user the image runs as.
 *
 * @param folder empty
 * @returns the path of the model's entry file in it
 */
export async function writeContext(preset: string, folder: string): Promise<string> {
  const { entry, files } = await modelFiles(preset);
  for (const file of files) {
    const to = path.join(folder, file.to);
    if ("text" in file) await put(to, (target) => writeFile(target, file.text));
    else {
      for (const found of await readdir(file.from, { recursive: true, withFileTypes: true })) {
        const source = path.join(found.parentPath, found.name);
        const name = path.relative(file.from, source);
        if (!found.isFile() || !file.only(name)) continue;
        await put(path.join(to, name), (target) => copyFile(source, target));
      }
    }
  }
  for (const found of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await chmod(path.join(found.parentPath, found.name), found.isFile() ? 0o644 : 0o755);
  }
  return entry;
}

async function put(target: string, write: (target: string) => Promise<void>): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  await write(target);
}
