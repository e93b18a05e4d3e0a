import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { EnvList } from "#components/form/env-list.tsx";
import { FormToolsProvider } from "#components/form/form-context.tsx";
import { form, toolsWith } from "#components/form/form-for-test.ts";

test("a kept secret that isn't stored any more says so at its value", () => {
  const of = form({ env: [{ key: "1", name: "TOKEN", kind: "keep", value: "" }] });
  const gone = { field: "env.0.keep", message: "No secret is stored under this name. Enter its value." };
  const page = renderToStaticMarkup(
    <FormToolsProvider value={toolsWith(of, [gone])}>
      <EnvList />
    </FormToolsProvider>,
  );
  expect(page).toContain(gone.message);
  expect(page).toMatch(/<input(?=[^>]* aria-invalid="true")[^>]*data-field="[^"]*env\.0\.keep/);
});
