import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { FormToolsProvider, type FormTools } from "#components/form/form-context.tsx";
import { check, form, onCluster } from "#components/form/form-for-test.ts";
import type { FormState } from "#components/form/form-state.ts";
import { MoreSections } from "#components/form/more-sections.tsx";
import { PlanPanel } from "#components/form/plan-panel.tsx";
import { builtInPlaces, type Place } from "#lib/targets/place.ts";
import { clusterForTest } from "#lib/targets/place-for-test.ts";

const here = builtInPlaces.find(({ kind }) => kind === "local")!;
const layer4 = { layer: "4", access: "open" } as const;

function shown(of: FormState, place: Place): string {
  const tools: FormTools = {
    form: of,
    change: () => {},
    places: [],
    place,
    refused: {},
    isThere: false,
    at: () => ({ error: null, "data-field": "", onBlur: () => {} }),
    problemsUnder: () => false,
  };
  const { spec, plan } = check(of);
  return renderToStaticMarkup(
    <FormToolsProvider value={tools}>
      <MoreSections />
      <PlanPanel {...{ spec, plan, place }} />
    </FormToolsProvider>,
  );
}

describe("layer 4", () => {
  it("on a cluster leaves nothing to choose, and nothing else is promised", () => {
    const words = shown(onCluster({}, layer4), clusterForTest());
    expect(words).toContain("layer 4, the cluster chooses<");
    expect(words).toMatch(/<select disabled=""[^>]*><option>One of the cluster’s choice/);
    expect(words).toContain("layer 4, the cluster chooses a replica<");
    expect(words).not.toContain("open connections");
    expect(words).not.toMatch(/least/i);
  });

  it("on this machine is balanced as chosen, and scales on connections", () => {
    const words = shown(form({ target: "local", ...layer4 }), here);
    expect(words).toContain("layer 4, least busy replica<");
    expect(words).toContain("Scaling goes by open connections.");
    expect(words).not.toContain("the cluster chooses");
  });
});

it("layer 7 on a cluster is balanced as chosen", () => {
  const words = shown(onCluster({}, { algorithm: "round-robin" }), clusterForTest());
  expect(words).toContain("no rules, each in turn<");
  expect(words).not.toContain("the cluster chooses");
});
