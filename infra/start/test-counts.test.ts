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

test("Vitest's report: passed, failed and skipped by name, and a file that didn't load", async () => {
  const at = (name: string) => path.resolve(name);
  const failed = { status: "failed", fullName: "x", failureMessages: ["\u001B[31mno\u001B[39m\nnever"] };
  const report = {
    numPassedTests: 3,
    testResults: [
      { name: at("a.test.ts"), status: "failed", assertionResults: [failed] },
      {
        name: at("b.test.ts"),
        status: "passed",
        assertionResults: [{ status: "pending", fullName: "needs root" }],
      },
      { name: at("c.test.ts"), status: "failed", message: "no such import", assertionResults: [] },
    ],
  };
  await writeFile(file, JSON.stringify(report));
  expect(await vitestCounts(file)).toEqual({
    passed: 3,
    failed: ["a.test.ts: x\n  no\n  never", "c.test.ts\n  no such import"],
    skipped: ["needs root"],
  });
});

test("Playwright's report: also in nested groups, and what failed outside of any test", async () => {
  const spec = (title: string, status: string, message?: string) => ({
    title,
    tests: [{ status, results: [{ ...(message && { error: { message } }) }] }],
  });
  const inner = {
    title: "inner",
    specs: [spec("b", "unexpected", "x".repeat(600)), spec("c", "flaky"), spec("d", "skipped")],
  };
  const report = {
    suites: [{ title: "file", specs: [spec("a", "expected")], suites: [inner] }],
    errors: [{ message: "no portal" }],
  };
  await writeFile(file, JSON.stringify(report));
  expect(await playwrightCounts(file)).toEqual({
    passed: 1,
    failed: [
      "outside of any test\n  no portal",
      `inner: b\n  ${"x".repeat(500)} …`,
      "inner: c\n  It didn't say why.",
    ],
    skipped: ["inner: d"],
  });
});

test("a report that was never written is known as such", async () => {
  expect(await vitestCounts(path.join(folder, "none"))).toBeNull();
  expect(await playwrightCounts(path.join(folder, "none"))).toBeNull();
});

test("in CI a skip is a failure, except a plugin that only its vendor hands out", () => {
  const counts = [
    { passed: 2, failed: ["x"], skipped: ["needs root", "preview with the gcp vendor plugin"] },
    { passed: 1, failed: [], skipped: [] },
  ];
  expect(total(counts, false)).toMatchObject({ passed: 3, failed: 1, failures: ["x"] });
  expect(total(counts, true)).toMatchObject({ passed: 3, failed: 2 });
  expect(total(counts, true).skipped).toHaveLength(2);
});
