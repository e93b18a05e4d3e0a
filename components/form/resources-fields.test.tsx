import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { FormToolsProvider } from "#components/form/form-context.tsx";
import { main, onCluster } from "#components/form/form-for-test.ts";
import type { FormState, VariantState } from "#components/form/form-state.ts";
import { newGoogle } from "#components/form/google-state.ts";
import { ResourcesFields } from "#components/form/resources-fields.tsx";
import type { Place } from "#lib/targets/place.ts";
import { clusterForTest, projectForTest } from "#lib/targets/place-for-test.ts";

function shown(place: Place, form: FormState, variant: VariantState): string {
  const tools = {
    form,
    change: () => {},
    places: [],
    place,
    refused: {},
    isThere: false,
    at: () => ({ error: null, "data-field": "", onBlur: () => {} }),
    problemsUnder: () => false,
  };
  return renderToStaticMarkup(
    <FormToolsProvider value={tools}>
      <ResourcesFields index={0} variant={variant} onChange={() => {}} />
    </FormToolsProvider>,
  );
}

test("what fits on no node is said to be given up, as the runner does (no_node_fits)", () => {
  expect(shown(clusterForTest(), onCluster({ cpu: "64" }), { ...main, cpu: "64" })).toContain(
    "free now. It can be deployed all the same, but is given up after a minute",
  );
});

test("a cluster that is to be made and has too little room for all replicas and one more says so", () => {
  const variant: VariantState = { ...main, source: "image", cpu: "500m", maxReplicas: "3" };
  const onNodes = (minNodes: string) =>
    shown(projectForTest(), { ...onCluster({}), google: { ...newGoogle, minNodes } }, variant);
  const warning = "room for at most 3 of these replicas: too few for 3, and one more while it is changed";
  expect(onNodes("3")).toContain(warning);
  expect(onNodes("4")).not.toContain("of these replicas");
});
