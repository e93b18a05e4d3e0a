import { expect, test } from "vitest";
import { readQuantity } from "#lib/targets/kubernetes/quantity.ts";

test.each([
  ["500m", 0.5],
  ["1", 1],
  ["1.5", 1.5],
  [".5", 0.5],
  ["2e3", 2000],
  ["1E", 1e18],
  ["100n", 1e-7],
  ["256Mi", 268_435_456],
  ["7926200Ki", 8_116_428_800],
  ["1k", 1000],
  [3, 3],
  ["", 0],
  [null, 0],
  ["many", 0],
  ["1Xi", 0],
])("%j is %d", (text, value) => {
  expect(readQuantity(text)).toBeCloseTo(value, 9);
});
