import { expect, test } from "vitest";
import { freeVariantName, newVariant } from "#components/form/form-state.ts";

test("a name for one more variant is never one that is there", () => {
  const variants = [newVariant("main", "sentiment")];
  for (let count = 0; count < 7; count += 1)
    variants.push(newVariant(freeVariantName(variants), "sentiment"));
  expect(new Set(variants.map((variant) => variant.name)).size).toBe(8);
});
