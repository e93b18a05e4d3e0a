import { expect, test } from "vitest";
import { catalogue } from "#lib/models/catalogue.ts";
import { imageOf } from "#lib/models/image-of.ts";
import packageJson from "../../package.json" with { type: "json" };

const sentiment = catalogue.find(({ id }) => id === "sentiment")!;

test("an image of ours has the target's prefix, the model's name and the version of Sluice", () => {
  expect(imageOf(sentiment, "registry.example/team")).toBe(
    `registry.example/team/sluice-sentiment:${packageJson.version}`,
  );
});

test("there is none without a prefix, nor of a model that has no source here", () => {
  expect(imageOf(sentiment, null)).toBeNull();
  expect(imageOf({ id: "vllm", entry: null }, "registry.example/team")).toBeNull();
});
