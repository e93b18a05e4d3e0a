import { expect, test } from "vitest";
import { emptyForm, type FormState, type VariantState } from "#components/form/form-state.ts";
import { moveToPlace } from "#components/form/move-to-place.ts";
import { suggestedName } from "#components/form/suggested-name.ts";
import { clusterForTest } from "#lib/targets/place-for-test.ts";

const form = emptyForm("f26d");
const of = (model: Partial<VariantState>, change: Partial<FormState> = {}) =>
  suggestedName({ ...form, variants: [{ ...form.variants[0]!, ...model }], ...change });
const image = (image: string) => of({ source: "image", image });

test("a name nobody typed follows the model, and keeps its random end", () => {
  expect(of({ source: "preset", preset: "ocr" })).toBe("ocr-f26d");
  expect(image("ghcr.io/acme/text-embeddings-inference:cpu-1.6.0")).toBe("text-embeddings-inference-f26d");
  expect(image("localhost:5000/My_Model@sha256:00")).toBe("my-model-f26d");
  expect(image(`x/${"a".repeat(80)}`)).toBe(`${"a".repeat(30)}-f26d`);
  expect(image("")).toBe("model-f26d");
  expect(image("x/123:1")).toBe("model-f26d");
});

test("a name that somebody typed stays", () =>
  expect(of({ source: "image", image: "a/b" }, { name: "mine-x", nameTouched: true })).toBe("mine-x"));

test("a target that takes images alone takes the other model's name away", () => {
  const place = clusterForTest({ imagePrefix: null });
  expect(moveToPlace(form, place)).toMatchObject({ target: place.name, name: "model-f26d" });
});
