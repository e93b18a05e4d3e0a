import { expect, test } from "vitest";
import { changedSpec } from "#components/form/changed-spec.ts";
import { specChanges } from "#components/form/spec-changes.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { SpecView } from "#lib/deployments/view.ts";
import { specForTest } from "#lib/deployments/spec-for-test.ts";
import { readSpec } from "#lib/deployments/to-view.ts";

const typed: Spec = {
  ...readSpec(specForTest()),
  env: [{ name: "LOG_LEVEL", value: "debug" }],
};
const loaded = changedSpec({ ...typed, env: [] } as unknown as SpecView, { ...typed, env: [] }, null);

test("of what the form began with, everything that was typed is compared", () => {
  expect(specChanges(loaded, changedSpec(loaded, typed, null))).toEqual([
    { what: "Variable LOG_LEVEL, name", from: "nothing", to: "LOG_LEVEL" },
    { what: "Variable LOG_LEVEL, value", from: "nothing", to: "debug" },
  ]);
});

test("of what somebody else made meanwhile, only what is sent changes, and what goes with it is told", () => {
  const newer: SpecView = {
    ...loaded,
    env: [{ name: "TOKEN", secret: true }],
    variants: loaded.variants.map((variant) => ({ ...variant, weight: 50 })),
  };
  const changes = specChanges(newer, changedSpec(newer, typed, ["env"]));
  expect(changes).toContainEqual({ what: "Variable TOKEN, name", from: "TOKEN", to: "LOG_LEVEL" });
  expect(changes.filter(({ what }) => !what.startsWith("Variable"))).toEqual([]);
});
