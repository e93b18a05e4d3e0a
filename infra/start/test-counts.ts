import { readFile } from "node:fs/promises";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";

/** `failed` and `skipped` by name; a failure with the beginning of what it said. */
export type Counts = { passed: number; failed: string[]; skipped: string[] };

/** Tests of plugins that only their vendor hands out: the one thing that may be skipped in CI. */
const vendorPlugin = /vendor plugin/i;

/** How much of a failure's message is repeated at the end: all of it stands where it happened. */
const messageLength = 500;

type VitestFile = {
  name: string;
  status: string;
  message?: string;
  assertionResults: { status: string; fullName: string; failureMessages?: string[] }[];
};

/** Reads what Vitest's JSON reporter wrote. @returns null if it didn't get as far as writing it */
export async function vitestCounts(file: string): Promise<Counts | null> {
  const report = await readJson<{ numPassedTests: number; testResults: VitestFile[] }>(file);
  if (!report) return null;
  const failed: string[] = [];
  const skipped: string[] = [];
  for (const { name: where, status, message, assertionResults } of report.testResults) {
    const name = path.relative(process.cwd(), where);
    // A file that fails to load has no tests of its own, yet it is a failure.
    if (status === "failed" && assertionResults.length === 0) failed.push(failure(name, message));
    for (const one of assertionResults) {
      if (one.status === "failed") failed.push(failure(`${name}: ${one.fullName}`, one.failureMessages?.[0]));
      if (["pending", "skipped", "todo"].includes(one.status)) skipped.push(one.fullName);
    }
  }
  return { passed: report.numPassedTests, failed, skipped };
}

type Said = { message?: string };
type Suite = {
  title: string;
  specs?: { title: string; tests: { status: string; results?: { error?: Said }[] }[] }[];
  suites?: Suite[];
};

/** Reads what Playwright's JSON reporter wrote. @returns null if it didn't get as far as writing it */
export async function playwrightCounts(file: string): Promise<Counts | null> {
  const report = await readJson<{ suites: Suite[]; errors: Said[] }>(file);
  if (!report) return null;
  const outside = report.errors.map(({ message }) => failure("outside of any test", message));
  const counts: Counts = { passed: 0, failed: outside, skipped: [] };
  const visit = (suite: Suite) => {
    for (const spec of suite.specs ?? []) {
      const name = `${suite.title}: ${spec.title}`;
      for (const { status, results = [] } of spec.tests) {
        if (status === "expected") counts.passed++;
        else if (status === "skipped") counts.skipped.push(name);
        else counts.failed.push(failure(name, results.find(({ error }) => error)?.error?.message));
      }
    }
    suite.suites?.forEach(visit);
  };
  report.suites.forEach(visit);
  return counts;
}

/** In CI a skip hides what nobody will look at, so it is a failure there. */
export function total(
  all: Counts[],
  ci: boolean,
): { passed: number; failed: number; failures: string[]; skipped: string[] } {
  const failures = all.flatMap(({ failed }) => failed);
  const skipped = all.flatMap((counts) => counts.skipped);
  const passed = all.reduce((sum, counts) => sum + counts.passed, 0);
  const counted = ci ? skipped.filter((name) => !vendorPlugin.test(name)).length : 0;
  return { passed, failed: failures.length + counted, failures, skipped };
}

/** @param name a test's, after its file's where that is known */
function failure(name: string, message = "It didn't say why."): string {
  const plain = stripVTControlCharacters(message).trim();
  const shown = plain.length > messageLength ? `${plain.slice(0, messageLength)} …` : plain;
  return `${name}\n${shown.replace(/^/gm, "  ")}`;
}

async function readJson<T>(file: string): Promise<T | null> {
  const text = await readFile(file, "utf8").catch(() => null);
  return text === null ? null : (JSON.parse(text) as T);
}
