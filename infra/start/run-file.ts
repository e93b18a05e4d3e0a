import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Databases } from "#infra/postgres/databases.ts";

/** What `npm run key` and its like need to know of the running portal. */
export type RunFile = Databases & { url: string; pid: number; port: number };

const fileIn = (home: string) => path.join(home, "run.json");

export async function writeRunFile(home: string, content: RunFile): Promise<void> {
  await rm(fileIn(home), { force: true });
  await writeFile(fileIn(home), `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
}

/** @returns null if Sluice doesn't run on this data folder */
export async function readRunFile(home: string): Promise<RunFile | null> {
  const text = await readFile(fileIn(home), "utf8").catch(() => null);
  return text === null ? null : (JSON.parse(text) as RunFile);
}

export async function removeRunFile(home: string): Promise<void> {
  await rm(fileIn(home), { force: true });
}
