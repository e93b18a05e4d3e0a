import { expect, test } from "vitest";
import { blindnessOf, reasonOf } from "#infra/clusters/replicas/autoscaler.ts";
import { autoscalerForTest } from "#infra/clusters/replicas/pods-for-test.ts";

const limited = (reason: string) => [{ type: "ScalingLimited", status: "True", reason }];

test.each([
  [1, 3, autoscalerForTest("dep-a", { cpu: 182 }), "1 → 3: cpu 182 % of requested, target 70 %."],
  [3, 2, autoscalerForTest("dep-a", { cpu: 12 }), "3 → 2: cpu 12 % of requested, target 70 %."],
  [
    2,
    3,
    autoscalerForTest("dep-a", { cpu: 400, conditions: limited("TooManyReplicas") }),
    "2 → 3: cpu 400 % of requested, target 70 %; more than the most allowed.",
  ],
  [
    2,
    1,
    autoscalerForTest("dep-a", { cpu: 0, conditions: limited("TooFewReplicas") }),
    "2 → 1: cpu 0 % of requested, target 70 %; the least allowed.",
  ],
  [1, 2, autoscalerForTest("dep-a", { cpu: 0 }, { minReplicas: 2 }), "1 → 2: the least is 2 now."],
  [5, 3, autoscalerForTest("dep-a", { cpu: 90 }), "5 → 3: the most is 3 now."],
  [1, 2, autoscalerForTest("dep-a", {}), "1 → 2: the cluster’s autoscaler decided so and named no figure."],
])("why %i became %i (%#)", (from, to, autoscaler, reason) =>
  expect(reasonOf(autoscaler, from, to)).toBe(reason),
);

test("one without figures says so after a while, and not of its first minute", () => {
  const since = "2026-11-22T10:00:00Z";
  const blind = autoscalerForTest("dep-a", {
    conditions: [
      {
        type: "ScalingActive",
        status: "False",
        reason: "FailedGetResourceMetric",
        message: "unable to fetch metrics from resource metrics API",
        lastTransitionTime: since,
      },
    ],
  });
  expect(blindnessOf(blind, new Date("2026-11-22T10:01:00Z"))).toBeNull();
  const found = blindnessOf(blind, new Date("2026-11-22T10:02:00Z"));
  expect(found?.since).toEqual(new Date(since));
  expect(found?.reason).toContain("metrics-server");
  expect(blindnessOf(autoscalerForTest("dep-a", { cpu: 3 }), new Date())).toBeNull();
});
