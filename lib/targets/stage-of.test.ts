import { expect, test } from "vitest";
import { readSpec } from "#lib/deployments/to-view.ts";
import { everyPlan, isGoogles } from "#lib/targets/gke/plan-for-test.ts";
import { planLocal } from "#lib/targets/local/plan.ts";
import { resourceKey } from "#lib/targets/plan.ts";
import { engineStages, stageOf } from "#lib/targets/stage-of.ts";

test("each resource of a plan has its stage, and none comes after one that depends on it", () => {
  const variant = {
    scaling: { minReplicas: 1, maxReplicas: 1, metric: "none", targetInFlight: 1 },
    weight: 1,
  } as const;
  const spec = readSpec({
    version: 1,
    target: "local",
    variants: [{ ...variant, name: "main", model: { preset: "sentiment" }, healthPath: "/" }],
    routing: { layer: 7, rules: [], algorithm: "random", affinity: { by: "none" } },
    endpoint: { port: null, access: "open" },
    env: [],
    ttlMinutes: null,
  });
  const plan = planLocal("dep-x", spec);
  const order = plan.map(({ type }) => stageOf({ type, change: "create" }));
  expect(order).toEqual(["creating", "starting", "health", "health"]);
  expect(plan.map(({ type }) => stageOf({ type, change: "delete" }))).toEqual(Array(4).fill("health"));
});

test.each(everyPlan)("no part of Google’s is in a stage before what it depends on: %s", (_form, plan) => {
  const order = (one: { type: string }) =>
    engineStages.indexOf(stageOf({ type: one.type, change: "create" }));
  for (const resource of plan.filter(isGoogles)) {
    const before = plan.filter((one) => resource.dependsOn.includes(resourceKey(one)));
    for (const one of before) expect(order(one), resourceKey(one)).toBeLessThanOrEqual(order(resource));
  }
  expect(stageOf({ type: plan[0]!.type, change: "create" })).toBe("creating");
});
