import { expect, test } from "vitest";
import { check, form } from "#components/form/form-for-test.ts";
import {
  freeVariantName,
  newVariant,
  withoutVariant,
  type VariantState,
} from "#components/form/form-state.ts";

test("a name for one more variant is never one that is there", () => {
  const variants = [newVariant("main", "sentiment")];
  for (let count = 0; count < 7; count += 1)
    variants.push(newVariant(freeVariantName(variants), "sentiment"));
  expect(new Set(variants.map((variant) => variant.name)).size).toBe(8);
});

test("a variant that had no weight beside another has all of it alone; several keep theirs", () => {
  const [main, canary, blue] = ["0", "100", "10"].map((weight, index) => ({
    ...newVariant(`model-${index}`, "sentiment"),
    weight,
  })) as [VariantState, VariantState, VariantState];
  const two = withoutVariant([main, canary, blue], blue.key);
  expect(two).toEqual([main, canary]);
  const { problems, spec } = check(form({ variants: withoutVariant(two, canary.key) }));
  expect(problems).toEqual([]);
  expect(spec?.variants).toMatchObject([{ name: "model-0", weight: 100 }]);
});
