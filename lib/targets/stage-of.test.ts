import { expect, test } from "vitest";
import { readSpec } from "#lib/deployments/to-view.ts";
import { planLocal } from "#lib/targets/local/plan.ts";
import { stageOf } from "#lib/targets/stage-of.ts";

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
