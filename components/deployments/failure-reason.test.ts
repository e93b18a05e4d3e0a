import { expect, test } from "vitest";
import { failureReason, splitReason, toldReason } from "#components/deployments/failure-reason.ts";
import type { DeploymentStatus } from "#lib/deployments/status.ts";
import type { OperationStatus } from "#lib/operations/status.ts";

const own = { statusCode: "probe_failed", statusMessage: "1 of 2 replicas are ready." } as const;
const operation = { errorCode: "port_taken", errorMessage: "Port 9001 is taken." } as const;
const nothing = { errorCode: null, errorMessage: null };

test("why an update failed is said, though the deployment it left is degraded", () => {
  expect(failureReason({ status: "degraded", ...own, operation })).toEqual({
    code: "port_taken",
    message: "Port 9001 is taken.",
  });
});

test("a failed deployment says its own reason", () => {
  expect(failureReason({ status: "failed", ...own, operation }).message).toBe(own.statusMessage);
});

test("where one has no words the other speaks, and there is always a sentence", () => {
  expect(failureReason({ status: "degraded", ...own, operation: nothing }).code).toBe("probe_failed");
  const silent = { statusCode: null, statusMessage: null };
  expect(failureReason({ status: "failed", ...silent, operation }).code).toBe("port_taken");
  expect(failureReason({ status: "failed", ...silent, operation: nothing }).message).toContain("reason");
});

test("nothing is told while a retry is under way, of what is gone, or where all went well", () => {
  const after = (status: DeploymentStatus, ended: OperationStatus) =>
    toldReason({ status, ...own, operation: { ...operation, status: ended } });
  expect(after("ready", "failed")?.message).toBe(operation.errorMessage);
  expect(after("failed", "succeeded")?.message).toBe(own.statusMessage);
  expect(after("provisioning", "running")).toBeNull();
  expect(after("ready", "succeeded")).toBeNull();
  expect(after("destroyed", "failed")).toBeNull();
});

test("a reason is split into its first sentence, the others, and output", () => {
  expect(
    splitReason("Port 9001 of 127.0.0.1 is taken. Stop it, or choose another. It stays.\nline 1\nline 2"),
  ).toEqual({
    first: "Port 9001 of 127.0.0.1 is taken.",
    rest: "Stop it, or choose another. It stays.",
    output: "line 1\nline 2",
  });
  expect(splitReason("one word")).toEqual({ first: "one word", rest: "", output: "" });
});
