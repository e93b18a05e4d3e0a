import { expect, test } from "vitest";
import { deploymentStatuses, statusClass } from "#lib/deployments/status.ts";

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
