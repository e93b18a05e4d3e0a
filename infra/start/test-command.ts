import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { readEnv } from "#lib/env.ts";
import { findChromium } from "#infra/start/chromium.ts";
import { buildPages, generateClient, root } from "#infra/start/prepare.ts";
import { openTerminal } from "#infra/start/terminal.ts";
import { playwrightCounts, total, vitestCounts, type Counts } from "#infra/start/test-counts.ts";
import { obtainHaproxy } from "#infra/tools/obtain-haproxy.ts";
import { obtainPulumi } from "#infra/tools/obtain-pulumi.ts";

// `npm test`: sets up, then runs every check in order, and ends with the sum of all of them.

const env = readEnv();
const terminal = openTerminal();
const reports = await mkdtemp(path.join(tmpdir(), "sluice-test-"));
const all: Counts[] = [];

try {
  await setUp();
  await check("format", ["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level=warn", "."]);
  await check("lint", ["node_modules/eslint/bin/eslint.js", "."]);
  await check("types", ["node_modules/typescript/bin/tsc", "-p", "."]);
  await testWithVitest();
  await testWithBrowser();
} catch (error) {
  process.stderr.write(`\n${(error as Error).message}\n`);
  all.push({ passed: 0, failed: 1, skipped: [] });
} finally {
  await rm(reports, { recursive: true, force: true });
}

const { passed, failed, skipped } = total(all, process.env.CI === "true");
for (const name of skipped) terminal.say(`skipped: ${name}`);
terminal.say(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`);
process.exitCode = failed > 0 ? 1 : 0;

/** What the tests need besides packages. A tool that can't be had fails here, with the fix in its message. */
async function setUp(): Promise<void> {
  await generateClient(terminal);
  // Before the types are checked: the build writes the types of the routes, and may find older ones there.
  await buildPages(terminal, env.SLUICE_URL ? { SLUICE_URL: env.SLUICE_URL } : {});
  const signal = new AbortController().signal;
  for (const [name, obtain] of [
    ["HAProxy", obtainHaproxy],
    ["Pulumi", obtainPulumi],
  ] as const) {
    let said = "";
    // Of a long step, one line for each tenth.
    const onProgress = (step: string, fraction: number | null) => {
      const line = fraction === null ? step : `${step}: ${Math.floor(fraction * 10) * 10} %`;
      if (line !== said) terminal.say(`    ${(said = line)}`);
    };
    await terminal.step(`Obtaining ${name}`, `${name} ready`, () =>
      obtain({ cache: env.SLUICE_CACHE, searchPath: env.PATH, signal, onProgress }),
    );
  }
}

/** A check that is one thing, right or wrong. */
async function check(name: string, args: string[]): Promise<void> {
  const code = await stage(name, args);
  all.push({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] });
}

async function testWithVitest(): Promise<void> {
  const file = path.join(reports, "vitest.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const code = await stage("unit, database and engine tests", [
    "node_modules/vitest/vitest.mjs",
    "run",
    ...reporters,
  ]);
  all.push(counted(await vitestCounts(file), code));
}

async function testWithBrowser(): Promise<void> {
  const chromium = await findChromium(env.PATH);
  if ("reason" in chromium) {
    all.push({ passed: 0, failed: 0, skipped: [`all browser tests: ${chromium.reason}`] });
    return;
  }
  const file = path.join(reports, "playwright.json");
  const code = await stage("browser tests", ["node_modules/@playwright/test/cli.js", "test"], {
    SLUICE_CHROMIUM: chromium.path,
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  });
  all.push(counted(await playwrightCounts(file), code));
}

/** A runner that failed without a failed test (it broke, it found none) is a failure of its own. */
function counted(counts: Counts | null, code: number): Counts {
  const known = counts ?? { passed: 0, failed: 0, skipped: [] };
  return code !== 0 && known.failed === 0 ? { ...known, failed: 1 } : known;
}

/** Runs one tool with its output as it comes. */
function stage(name: string, args: string[], more: Record<string, string> = {}): Promise<number> {
  terminal.say(`\n── ${name}`);
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...more },
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
