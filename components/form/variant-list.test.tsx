import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { FormToolsProvider } from "#components/form/form-context.tsx";
import { check, form, main, toolsWith } from "#components/form/form-for-test.ts";
import type { FormState } from "#components/form/form-state.ts";
import { VariantList } from "#components/form/variant-list.tsx";

const drawn = (of: FormState) =>
  renderToStaticMarkup(
    <FormToolsProvider value={toolsWith(of, check(of).problems)}>
      <VariantList />
    </FormToolsProvider>,
  );

test("a single variant is asked for its name where that is a bad one, and never for a weight", () => {
  expect(drawn(form({ variants: [main] }))).not.toMatch(/Variant’s name|Weight/);
  const badly = drawn(form({ variants: [{ ...main, name: "Main!" }] }));
  expect(badly).toMatch(/<input(?=[^>]* aria-invalid="true")[^>]*data-field="variants\.0\.name"/);
  expect(badly).not.toContain("Weight");
});
