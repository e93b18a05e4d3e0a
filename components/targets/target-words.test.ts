import { expect, test } from "vitest";
import { targetFilters, targetWords } from "#components/targets/target-words.ts";

test("a built-in target has its title, a cluster its name", () => {
  expect(["local", "prod"].map(targetWords)).toEqual(["This machine", "prod"]);
});

test("a list is narrowed to what there is", () => {
  const offered = (clusters: string[]) => targetFilters(clusters).map(({ value }) => value);
  expect(offered([])).toEqual(["local"]);
  expect(offered(["prod"])).toEqual(["local", "prod"]);
  expect(offered(["prod", "test"])).toEqual(["local", "kubernetes", "prod", "test"]);
});
