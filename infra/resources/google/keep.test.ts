import { expect, test } from "vitest";
import { translateError } from "#infra/engine/translate-errors.ts";
import { refusal } from "#infra/resources/google/keep.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";

test("what a hook says reaches people with its code, whatever the engine writes around it", () => {
  const said = `before hook "keep" for urn:… failed: ${refusal({ type: gkeTypes.cluster, name: "cluster" }).message}`;
  const error = translateError(new Error("exit status 255"), [said], false);
  expect(error).toMatchObject({ code: "irreplaceable" });
  expect(error.message).toMatch(/^The change would delete the Cluster cluster .* tear this one down\.$/);
});
