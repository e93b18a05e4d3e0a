import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { FormToolsProvider, type FormTools } from "#components/form/form-context.tsx";
import { main, onCluster } from "#components/form/form-for-test.ts";
import { ResourcesFields } from "#components/form/resources-fields.tsx";
import { clusterForTest } from "#lib/targets/place-for-test.ts";

test("what fits on no node is said to be given up, as the runner does (no_node_fits)", () => {
  const tools: FormTools = {
    form: onCluster({ cpu: "64" }),
    change: () => {},
    places: [],
    place: clusterForTest(),
    refused: {},
    at: () => ({ error: null, "data-field": "", onBlur: () => {} }),
    problemsUnder: () => false,
  };
  const page = renderToStaticMarkup(
    <FormToolsProvider value={tools}>
      <ResourcesFields index={0} variant={{ ...main, cpu: "64" }} onChange={() => {}} />
    </FormToolsProvider>,
  );
  expect(page).toContain("free now. It can be deployed all the same, but is given up after a minute");
});
