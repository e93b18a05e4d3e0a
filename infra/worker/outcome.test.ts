import { expect, test } from "vitest";
import { failed, interrupted, succeeded, tornDown, type Aftermath } from "#infra/worker/outcome.ts";

const nothing: Aftermath = { kind: "deploy", answersAt: null, exists: { made: [], perhaps: [] } };
const endpoint = { url: "http://127.0.0.1:8000", ip: "127.0.0.1", port: 8000, access: "open" } as const;
const failure = {
  ok: false,
  code: "probe_failed",
  message: "No replica got healthy.",
  logLines: [],
} as const;
const failing = (code: "probe_failed" | "cancelled") => ({ ...failure, code, logLines: [] as string[] });

test("a deployment that answers is ready at its endpoint", () => {
  expect(succeeded(endpoint)).toMatchObject({
    status: "succeeded",
    deployment: { status: "ready", endpoint },
  });
});

test("one whose domain has no certificate yet is degraded, with what to do, and its operation succeeded", () => {
  expect(succeeded(endpoint, "Set one A record.")).toMatchObject({
    status: "succeeded",
    code: null,
    deployment: { status: "degraded", code: "certificate_pending", message: "Set one A record.", endpoint },
  });
});

test("a failed deployment says what happened and what exists", () => {
  expect(failed(failing("probe_failed"), nothing)).toMatchObject({
    status: "failed",
    code: "probe_failed",
    message: "No replica got healthy. Nothing of it was made.",
    deployment: { status: "failed", code: "probe_failed" },
  });
  const exists = { made: ["Endpoint endpoint"], perhaps: ["Pool main"] };
  const { message } = failed(failing("probe_failed"), { ...nothing, exists });
  expect(message).toContain(
    "This exists and is used by a retry, or goes with a tear-down: Endpoint endpoint.",
  );
  expect(message).toContain(
    "This was being made and may exist; a retry or a tear-down finds out: Pool main.",
  );
  const unseen = failed(failing("probe_failed"), { ...nothing, exists: null });
  expect(unseen).toMatchObject({ status: "failed", code: "probe_failed" });
  expect(unseen.message).toContain("What exists couldn't be looked at");
});

test("an update that failed leaves what still answers degraded; so does a cancelled or an interrupted one", () => {
  const serving: Aftermath = { ...nothing, kind: "update", answersAt: endpoint };
  expect(failed(failing("probe_failed"), serving).deployment).toMatchObject({ status: "degraded", endpoint });
  expect(failed(failing("cancelled"), serving)).toMatchObject({
    status: "cancelled",
    deployment: { status: "degraded" },
  });
  expect(interrupted(serving)).toMatchObject({ status: "interrupted", deployment: { status: "degraded" } });
  expect(interrupted({ ...serving, answersAt: null }).deployment.status).toBe("failed");
});

test("a tear-down that didn't end well is never called serving, and never destroyed", () => {
  const leaving: Aftermath = { ...nothing, kind: "destroy", answersAt: endpoint };
  expect(failed(failing("probe_failed"), leaving).deployment.status).toBe("failed");
  const receipt = { created: [], deleted: [], remaining: [], checkedAt: "" };
  expect(tornDown(receipt, null)).toMatchObject({ status: "succeeded", deployment: { status: "destroyed" } });
  const holding = { ...receipt, remaining: [{ kind: "port" as const, what: "8000 (haproxy)" }] };
  const left = tornDown(holding, null);
  expect(left).toMatchObject({ status: "failed", code: "leftovers", deployment: { status: "failed" } });
  expect(left.message).toContain("port 8000 (haproxy)");
  expect(tornDown(holding, "Somebody holds it.")).toMatchObject({
    message: "Somebody holds it.",
    deployment: { message: "Somebody holds it." },
    receipt: holding,
  });
});
