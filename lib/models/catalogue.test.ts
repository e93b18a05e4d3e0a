import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { catalogue, findPreset } from "./catalogue.ts";
import { exampleBody } from "./example-body.ts";

test("presets are found by their ids, which are unique", () => {
  expect(new Set(catalogue.map((preset) => preset.id)).size).toBe(catalogue.length);
  for (const preset of catalogue) expect(findPreset(preset.id)).toBe(preset);
  expect(findPreset("toString")).toBeUndefined();
});

test.each(catalogue)("$id has its entry and something to try it with", async (preset) => {
  if (preset.entry !== null) expect(existsSync(preset.entry)).toBe(true);
  expect((await exampleBody(preset)).length).toBeGreaterThan(0);
  expect(preset.does).toMatch(/\.$/);
});
