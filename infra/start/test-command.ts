import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { readEnv } from "#lib/env.ts";
import { findChromium } from "#infra/start/chromium.ts";
import { setUpTests } from "#infra/start/set-up-tests.ts";
import { runStage } from "#infra/start/run-stage.ts";
import { openTerminal } from "#infra/start/terminal.ts";
import { playwrightCounts, total, vitestCounts, type Counts } from "#infra/start/test-counts.ts";

// `npm test`: sets up, then runs every check in order, and ends with the sum of all of them.

const env = readEnv();
const terminal = openTerminal();
const reports = await mkdtemp(path.join(tmpdir(), "sluice-test-"));
const all: Counts[] = [];

try {
  await setUpTests(env, terminal);
  await Promise.all([checkFormatAndTypes(), check("lint", ["node_modules/eslint/bin/eslint.js", "."])]);
  // Some of it may have to be compiled, and no test is to run beside that. What fails here fails the stages below.
  await runStage(terminal, "what a test cluster needs", ["e2e/cluster/run-checks.ts", "obtain"]);
  // Most of the second is waiting.
  await Promise.all([testWithVitest(), testOnCluster("the test cluster and the program on it", "cluster")]);
  await testWithBrowser();
  await testOnCluster("the whole portal on a cluster", "portal");
} catch (error) {
  all.push({ passed: 0, failed: [(error as Error).message], skipped: [] });
} finally {
  await rm(reports, { recursive: true, force: true });
}

const { passed, failed, failures, skipped } = total(all, process.env.CI === "true");
for (const failure of failures) terminal.say(`\nfailed: ${failure}`);
for (const name of skipped) terminal.say(`skipped: ${name}`);
terminal.say(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`);
process.exitCode = failed > 0 ? 1 : 0;

/** One after the other: together they take as long as the linter, beside which they run. */
async function checkFormatAndTypes(): Promise<void> {
  await check("format", ["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level=warn", "."]);
  await check("types", ["node_modules/typescript/bin/tsc", "-p", "."]);
}

/** A check that is one thing, right or wrong. */
async function check(name: string, args: string[]): Promise<void> {
  const code = await runStage(terminal, name, args);
  all.push({ passed: code === 0 ? 1 : 0, failed: code === 0 ? [] : [name], skipped: [] });
}

async function testWithVitest(): Promise<void> {
  const name = "unit, database and engine tests";
  const file = path.join(reports, "vitest.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const code = await runStage(terminal, name, ["node_modules/vitest/vitest.mjs", "run", ...reporters]);
  all.push(counted(name, await vitestCounts(file), code));
}

async function testWithBrowser(): Promise<void> {
  const chromium = await findChromium(env.PATH);
  if ("reason" in chromium) {
    all.push({ passed: 0, failed: [], skipped: [`all browser tests: ${chromium.reason}`] });
    return;
  }
  const name = "browser tests";
  const file = path.join(reports, "playwright.json");
  const code = await runStage(terminal, name, ["node_modules/@playwright/test/cli.js", "test"], {
    SLUICE_CHROMIUM: chromium.path,
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  });
  all.push(counted(name, await playwrightCounts(file), code));
}

/** Where there can be no test cluster, each of its checks is named as skipped. */
async function testOnCluster(name: string, which: "cluster" | "portal"): Promise<void> {
  const file = path.join(reports, `${which}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const code = await runStage(terminal, name, ["e2e/cluster/run-checks.ts", which, ...reporters]);
  all.push(counted(name, await vitestCounts(file), code));
}

/** A runner that failed without a failed test (it broke, it found none) is a failure of its own. */
function counted(name: string, counts: Counts | null, code: number): Counts {
  const known = counts ?? { passed: 0, failed: [], skipped: [] };
  const isSilent = code !== 0 && known.failed.length === 0;
  return isSilent ? { ...known, failed: [`${name}: ended with ${code}`] } : known;
}
