import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { playwrightCounts, total, vitestCounts } from "#infra/start/test-counts.ts";

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sluice-counts-"));
  file = path.join(folder, "report.json");
});
afterAll(() => rm(folder, { recursive: true }));

test("Vitest's report: passed, failed, skipped by name, and a file that didn't load", async () => {
  const report = {
    numPassedTests: 3,
    numFailedTests: 1,
    testResults: [
      { name: "a", status: "failed", assertionResults: [{ status: "failed", fullName: "x" }] },
      { name: "b", status: "passed", assertionResults: [{ status: "pending", fullName: "needs root" }] },
      { name: "c", status: "failed", assertionResults: [] },
    ],
  };
  await writeFile(file, JSON.stringify(report));
  expect(await vitestCounts(file)).toEqual({ passed: 3, failed: 2, skipped: ["needs root"] });
});

test("Playwright's report: also in nested groups, and what failed outside of any test", async () => {
  const spec = (title: string, status: string) => ({ title, tests: [{ status }] });
  const inner = {
    title: "inner",
    specs: [spec("b", "unexpected"), spec("c", "flaky"), spec("d", "skipped")],
  };
  const report = {
    suites: [{ title: "file", specs: [spec("a", "expected")], suites: [inner] }],
    errors: [{}],
  };
  await writeFile(file, JSON.stringify(report));
  expect(await playwrightCounts(file)).toEqual({ passed: 1, failed: 3, skipped: ["inner: d"] });
});

test("a report that was never written is known as such", async () => {
  expect(await vitestCounts(path.join(folder, "none"))).toBeNull();
  expect(await playwrightCounts(path.join(folder, "none"))).toBeNull();
});

test("in CI a skip is a failure, except a plugin that only its vendor hands out", () => {
  const counts = [
    { passed: 2, failed: 0, skipped: ["needs root", "preview with the gcp vendor plugin"] },
    { passed: 1, failed: 0, skipped: [] },
  ];
  expect(total(counts, false)).toMatchObject({ passed: 3, failed: 0 });
  expect(total(counts, true)).toMatchObject({ passed: 3, failed: 1 });
  expect(total(counts, true).skipped).toHaveLength(2);
});
