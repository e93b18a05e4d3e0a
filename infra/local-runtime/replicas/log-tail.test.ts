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

it("gives a long line whole, for secrets to be found in it, and of one without an end the beginning", () => {
  const tail = new LogTail(file);
  const long = `${"x".repeat(100_000)}ü`;
  appendFileSync(file, Buffer.from(long).subarray(0, -1));
  expect(tail.read()).toEqual([]);
  appendFileSync(file, Buffer.concat([Buffer.from(long).subarray(-1), Buffer.from("\nnext\n")]));
  expect(tail.read()).toEqual([long, "next"]);
  appendFileSync(file, "y".repeat(300 * 1024));
  expect(tail.read().map((line) => line.length)).toEqual([256 * 1024]);
  expect(tail.read()).toEqual([]);
  appendFileSync(file, "yy\nafter\n");
  expect(tail.read()).toEqual(["after"]);
});

it("skips what it can't keep up with, says so, and empties the file", () => {
  const tail = new LogTail(file, 0, 1_000);
  appendFileSync(file, `${"x".repeat(3_000)}\nhalf of`);
  expect(tail.read()).toEqual(["… 3 kB were left out here: more is written than can be kept."]);
  expect(sizeOf(file)).toBe(0);
  appendFileSync(file, " a secret\nwhole\n");
  expect(tail.read()).toEqual(["whole"]);
});

it("bounds a file that always ends within a line", () => {
  const tail = new LogTail(file, 0, 1_000);
  for (let n = 0; n < 100; n++) {
    appendFileSync(file, `${"x".repeat(90)}\n${"y".repeat(9)}`);
    tail.read();
    expect(sizeOf(file)).toBeLessThan(4_200);
  }
});

it("cuts a file back that has been read and is long, and reads on", () => {
  const tail = new LogTail(file, 0, 1_000);
  for (const letter of ["x", "y"]) {
    appendFileSync(file, `${letter.repeat(600)}\n`);
    expect(tail.read()).toHaveLength(1);
  }
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
