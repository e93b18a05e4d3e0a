import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { backOff } from "#infra/local-runtime/replicas/back-off.ts";
import { lastLines, LogTail, sizeOf } from "#infra/local-runtime/replicas/log-tail.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "sluice-tail-"));
  file = path.join(folder, "replica.log");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("gives whole lines once, and half a line when it is whole", () => {
  const tail = new LogTail(file);
  expect(tail.read()).toEqual([]);
  appendFileSync(file, "one\ntw");
  expect(tail.read()).toEqual(["one"]);
  appendFileSync(file, "o\n\u001b[31mthree\u001b[0m\0\n");
  expect(tail.read()).toEqual(["two", "three"]);
  expect(tail.read()).toEqual([]);
});

it("cuts a file back that has been read and is long, and reads on", () => {
  const tail = new LogTail(file, 0, 1_000);
  appendFileSync(file, `${"x".repeat(600)}\n${"y".repeat(600)}\n`);
  expect(tail.read()).toHaveLength(2);
  expect(sizeOf(file)).toBe(0);
  appendFileSync(file, "after\n");
  expect(tail.read()).toEqual(["after"]);
});

it("finds the last lines since a start", () => {
  appendFileSync(file, "before\n");
  const from = sizeOf(file);
  appendFileSync(file, `${Array.from({ length: 30 }, (_, n) => `line ${n}`).join("\n")}\n`);
  const found = lastLines(file, from);
  expect(found).toHaveLength(20);
  expect(found.at(-1)).toBe("line 29");
  expect(lastLines(file, sizeOf(file))).toEqual([]);
});

it("waits longer after each quick ending, but not at the first", () => {
  expect([0, 1, 2, 3, 4, 5, 20].map((n) => backOff(n, 30_000))).toEqual([
    0, 0, 1_000, 2_000, 4_000, 8_000, 30_000,
  ]);
});
