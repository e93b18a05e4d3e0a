import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { catalogue, findPreset } from "./catalogue.ts";

test("presets are found by their ids, which are unique", () => {
  expect(new Set(catalogue.map((preset) => preset.id)).size).toBe(catalogue.length);
  for (const preset of catalogue) expect(findPreset(preset.id)).toBe(preset);
  expect(findPreset("toString")).toBeUndefined();
});

test.each(catalogue)("$id has its entry and something to try it with", ({ entry, example, does }) => {
  if (entry !== null) expect(existsSync(entry)).toBe(true);
  if (example.sampleFile === undefined) expect(example.body).not.toBe("");
  else expect(existsSync(`public${example.sampleFile}`)).toBe(true);
  expect(does).toMatch(/\.$/);
});
