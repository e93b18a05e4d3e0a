import type { Spec } from "#lib/deployments/spec.ts";
import { findPreset, type Preset } from "#lib/models/catalogue.ts";

type Example = Pick<Preset, "example" | "streams">;

/** For an image, of which nothing is known. */
const plain: Example = {
  example: { method: "POST", path: "/", contentType: "application/json", body: "{}" },
  streams: false,
};

/** What a deployment is called with: the example of the first model of the catalogue that it serves. */
export function exampleOf({ variants }: Pick<Spec, "variants">): Example {
  for (const { model } of variants) {
    const preset = "preset" in model ? findPreset(model.preset) : undefined;
    if (preset) return preset;
  }
  return plain;
}
