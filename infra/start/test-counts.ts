import { readFile } from "node:fs/promises";

export type Counts = { passed: number; failed: number; skipped: string[] };

/** Tests of plugins that only their vendor hands out: the one thing that may be skipped in CI. */
const vendorPlugin = /vendor plugin/i;

/** Reads what Vitest's JSON reporter wrote. @returns null if it didn't get as far as writing it */
export async function vitestCounts(file: string): Promise<Counts | null> {
  const report = await readJson<{
    numPassedTests: number;
    numFailedTests: number;
    testResults: { name: string; status: string; assertionResults: { status: string; fullName: string }[] }[];
  }>(file);
  if (!report) return null;
  const skipped = report.testResults.flatMap((one) =>
    one.assertionResults.filter((test) => ["pending", "skipped", "todo"].includes(test.status)),
  );
  // A file that fails to load has no tests of its own, yet it is a failure.
  const broken = report.testResults.filter(
    (one) => one.status === "failed" && one.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: skipped.map((test) => test.fullName),
  };
}

type Suite = { title: string; specs?: { title: string; tests: { status: string }[] }[]; suites?: Suite[] };

/** Reads what Playwright's JSON reporter wrote. @returns null if it didn't get as far as writing it */
export async function playwrightCounts(file: string): Promise<Counts | null> {
  const report = await readJson<{ suites: Suite[]; errors: unknown[] }>(file);
  if (!report) return null;
  const counts: Counts = { passed: 0, failed: report.errors.length, skipped: [] };
  const visit = (suite: Suite) => {
    for (const spec of suite.specs ?? []) {
      for (const { status } of spec.tests) {
        if (status === "expected") counts.passed++;
        else if (status === "skipped") counts.skipped.push(`${suite.title}: ${spec.title}`);
        else counts.failed++;
      }
    }
    suite.suites?.forEach(visit);
  };
  report.suites.forEach(visit);
  return counts;
}

/** In CI a skip hides what nobody will look at, so it is a failure there. */
export function total(all: Counts[], ci: boolean): { passed: number; failed: number; skipped: string[] } {
  const sum = { passed: 0, failed: 0, skipped: all.flatMap((counts) => counts.skipped) };
  for (const counts of all) {
    sum.passed += counts.passed;
    sum.failed += counts.failed;
  }
  if (ci) sum.failed += sum.skipped.filter((name) => !vendorPlugin.test(name)).length;
  return sum;
}

async function readJson<T>(file: string): Promise<T | null> {
  const text = await readFile(file, "utf8").catch(() => null);
  return text === null ? null : (JSON.parse(text) as T);
}
