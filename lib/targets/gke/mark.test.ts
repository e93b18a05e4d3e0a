import { expect, test } from "vitest";
import { deploymentOf, descriptionOf, labelsOf } from "#lib/targets/gke/mark.ts";

const id = "dep-0123456789ab";

test("what is ours is known by its label, or by its description where it has no labels", () => {
  expect(deploymentOf({ labels: { ...labelsOf(id), "goog-pulumi-provisioned": "true" } })).toBe(id);
  expect(deploymentOf({ description: descriptionOf(id) })).toBe(id);
  expect(deploymentOf({ labels: null, description: descriptionOf(id) })).toBe(id);
});

test.each<Parameters<typeof deploymentOf>[0]>([
  {},
  { labels: {} },
  { labels: { app: "sluice" } },
  { description: "" },
  { description: `Not ${descriptionOf(id)}` },
  { description: `${descriptionOf(id)} No more.` },
  { description: "Made by Sluice for the deployment of our own." },
])("and nothing else is: %j", (thing) => {
  expect(deploymentOf(thing)).toBeNull();
});
