import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";

/** The file that a command's name stands for. @returns null if PATH has none */
export function onPath(name: string, searchPath: string): string | null {
  for (const folder of searchPath.split(path.delimiter)) {
    if (!path.isAbsolute(folder)) continue;
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // not there, or not ours to run: the next folder may have it
    }
  }
  return null;
}
