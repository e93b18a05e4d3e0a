import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { waitForLock } from "#infra/processes/lock.ts";
import { stampOf } from "#infra/start/stamp.ts";
import type { Terminal } from "#infra/start/terminal.ts";

/** The project's own folder. */
export const root = path.resolve(import.meta.dirname, "../..");

const schema = ["prisma/schema.prisma", "package-lock.json"];
const web = [
  "app",
  "components",
  "lib",
  "public",
  "prisma/schema.prisma",
  "next.config.js",
  "postcss.config.mjs",
];

/** Generates the database client, if the schema changed since the last time. */
export async function generateClient(terminal: Terminal, signal?: AbortSignal): Promise<void> {
  await unlessStamped(schema, "prisma/generated/.stamp", "", signal, () =>
    terminal.step("Generating the database client", "Database client generated", () =>
      // `generate` needs no engine, yet looks for one to download unless it is shown an executable.
      runNode(
        ["node_modules/prisma/build/index.js", "generate"],
        { PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true" },
        signal,
      ),
    ),
  );
}

/**
 * Builds the pages, if their sources changed since the last time.
 *
 * @param settings what of the environment is built in
 */
export async function buildPages(
  terminal: Terminal,
  settings: Record<string, string>,
  signal?: AbortSignal,
): Promise<void> {
  const entries = [...web, "package.json", "package-lock.json", "tsconfig.json"];
  await unlessStamped(entries, ".next/sluice-stamp", JSON.stringify(settings), signal, () =>
    terminal.step("Building the pages", "Pages built", () =>
      nextBuild({ ...settings, NEXT_TELEMETRY_DISABLED: "1" }, signal),
    ),
  );
}

/** A start that was killed may have left a build running, which Next refuses to join: it ends soon. */
async function nextBuild(env: Record<string, string>, signal?: AbortSignal): Promise<void> {
  const until = Date.now() + 120_000;
  for (;;) {
    try {
      return await runNode(["node_modules/next/dist/bin/next", "build"], env, signal);
    } catch (error) {
      signal?.throwIfAborted();
      const another = (error as Error).message.includes("Another next build process");
      if (!another || Date.now() > until) throw error;
      await sleep(1_000, undefined, { signal });
    }
  }
}

/** Two starts from one clone wait for each other here; the second finds the work done. */
async function unlessStamped(
  entries: string[],
  stampFile: string,
  extra: string,
  signal: AbortSignal | undefined,
  work: () => Promise<void>,
): Promise<void> {
  const file = path.join(root, stampFile);
  const lock = await waitForLock(file, signal);
  try {
    const stamp = await stampOf(root, entries, extra + process.version);
    if ((await readFile(file, "utf8").catch(() => "")) === stamp) return;
    await work();
    await writeFile(file, stamp);
  } finally {
    await lock.release();
  }
}

async function runNode(args: string[], env: Record<string, string>, signal?: AbortSignal): Promise<void> {
  const { PATH, HOME, LANG } = process.env;
  try {
    await promisify(execFile)(process.execPath, args, {
      cwd: root,
      signal,
      env: { PATH, HOME, LANG, NODE_ENV: "production", ...env },
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (cause) {
    const { stdout = "", stderr = "" } = cause as { stdout?: string; stderr?: string };
    throw new Error(`This command failed: node ${args.join(" ")}\n${stdout}${stderr}`.trimEnd(), { cause });
  }
}
