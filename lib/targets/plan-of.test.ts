import { expect, test } from "vitest";
import type { Spec } from "#lib/deployments/spec.ts";
import { diffPlan } from "#lib/targets/diff-plan.ts";
import { forms } from "#lib/targets/kubernetes/forms-for-test.ts";
import { clusterForTest } from "#lib/targets/place-for-test.ts";
import { planOf } from "#lib/targets/plan-of.ts";

const before = forms["fixed replicas"]!.spec;
const [main] = before.variants;

const touched = (spec: Spec) =>
  diffPlan(
    planOf("dep-0123456789ab", before, clusterForTest()),
    planOf("dep-0123456789ab", spec, clusterForTest()),
  )
    .filter(({ change }) => change !== "same")
    .map(({ type, name, change }) => `${type.split(":").at(-1)} ${name} ${change}`);

test.each<[string, Spec]>([
  ["the algorithm", { ...before, routing: { ...before.routing, algorithm: "random" } }],
  ["a rule", { ...before, routing: { ...before.routing, rules: [{ variant: "main", pathPrefix: "/v2/" }] } }],
  ["a weight", { ...before, variants: [{ ...main!, weight: 40 }] }],
  ["the sticky sessions", { ...before, routing: { ...before.routing, affinity: { by: "ip" } } }],
])("on a cluster another configuration means new pods of HAProxy: %s", (_what, spec) => {
  expect(touched(spec)).toEqual(["ConfigMap proxy update", "Deployment proxy update"]);
});

test("what HAProxy's configuration says nothing of leaves it alone", () => {
  expect(touched({ ...before, ttlMinutes: 60 })).toEqual([]);
});
