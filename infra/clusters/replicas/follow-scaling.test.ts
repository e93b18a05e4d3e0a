import { expect, test } from "vitest";
import { ScalingFollower } from "#infra/clusters/replicas/follow-scaling.ts";
import { autoscalerForTest } from "#infra/clusters/replicas/pods-for-test.ts";
import type { Db } from "#lib/db.ts";

const nothingStored = { scaleStep: { findFirst: async () => null } } as unknown as Db;

/** One that can't decide since ten o'clock. */
const blind = (decided: { currentReplicas: number; desiredReplicas?: number }) =>
  autoscalerForTest("dep-a", {
    ...decided,
    conditions: [
      {
        type: "ScalingActive",
        status: "False",
        reason: "FailedGetResourceMetric",
        message: "unable to fetch metrics",
        lastTransitionTime: "2026-11-22T10:00:00Z",
      },
    ],
  });
const later = new Date("2026-11-22T10:05:00Z");

test.each([
  ["never had figures", blind({ currentReplicas: 1 }), 1],
  ["lost its figures", blind({ currentReplicas: 2, desiredReplicas: 2 }), 2],
])("an autoscaler that %s says so once, and again when it happens again", async (_, autoscaler, count) => {
  const follower = new ScalingFollower(nothingStored);
  const steps = await follower.stepsOf("dep-a", [autoscaler], later);
  expect(steps).toMatchObject([
    { from: count, to: count, reason: expect.stringContaining("metrics-server") as string },
  ]);
  expect(await follower.stepsOf("dep-a", [autoscaler], later)).toEqual([]);
  await follower.stepsOf("dep-a", [autoscalerForTest("dep-a", { desiredReplicas: count })], later);
  expect(await follower.stepsOf("dep-a", [autoscaler], later)).toHaveLength(1);
});

test("one that hasn't decided yet has no steps", async () => {
  const follower = new ScalingFollower(nothingStored);
  expect(
    await follower.stepsOf("dep-a", [autoscalerForTest("dep-a", { currentReplicas: 1 })], later),
  ).toEqual([]);
});
