import { expect, test } from "vitest";
import { targetFilters, targetWords } from "#components/targets/target-words.ts";

test("a built-in target has its title, a cluster its name", () => {
  expect(["local", "prod"].map(targetWords)).toEqual(["This machine", "prod"]);
});

test("a list is narrowed to what there is", () => {
  const offered = (clusters: string[], projects: string[] = []) =>
    targetFilters([
      ...clusters.map((name) => ({ name, kind: "kubernetes" as const })),
      ...projects.map((name) => ({ name, kind: "gke" as const })),
    ]).map(({ value }) => value);
  expect(offered([])).toEqual(["local"]);
  expect(offered(["prod"], ["lab"])).toEqual(["local", "prod", "lab"]);
  expect(offered(["prod", "test"])).toEqual(["local", "kubernetes", "prod", "test"]);
  expect(offered(["prod"], ["lab", "live"])).toEqual(["local", "gke", "prod", "lab", "live"]);
});

test("all Google projects at once have words of their own", () => {
  const lab = { name: "lab", kind: "gke" as const };
  expect(targetFilters([lab, { ...lab, name: "live" }])).toContainEqual({
    value: "gke",
    words: "Every Google project",
  });
});
