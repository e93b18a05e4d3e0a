import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Preset } from "./catalogue.ts";

const publicFolder = path.resolve(import.meta.dirname, "../../public");

/** The body of a preset's example request, ready to send. Where it is a sample file, that is read from `public/`. */
export async function exampleBody({ example }: Preset): Promise<string | Buffer<ArrayBuffer>> {
  return example.sampleFile === undefined
    ? example.body
    : readFile(path.join(publicFolder, example.sampleFile));
}
