import { expect, test } from "vitest";
import { deploymentStatuses, isUnasked, statusClass } from "#lib/deployments/status.ts";

test("each status is in exactly one class", () => {
  expect(Object.fromEntries(deploymentStatuses.map((status) => [status, statusClass(status)]))).toEqual({
    queued: "moving",
    provisioning: "moving",
    ready: "serving",
    degraded: "serving",
    failed: "stuck",
    destroying: "moving",
    destroyed: "gone",
  });
});

test("only of what serves it may be unknown how it is, and only by the codes of a cluster that can't be asked", () => {
  expect(isUnasked("ready", "target_unreachable")).toBe(true);
  expect(isUnasked("degraded", "target_refused")).toBe(true);
  expect(isUnasked("degraded", "image_pull")).toBe(false);
  expect(isUnasked("failed", "target_unreachable")).toBe(false);
  expect(isUnasked("ready", null)).toBe(false);
});
