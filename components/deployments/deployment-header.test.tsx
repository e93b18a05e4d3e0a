import { renderToStaticMarkup } from "react-dom/server";
import { expect, it, vi } from "vitest";
import { DeploymentHeader } from "#components/deployments/deployment-header.tsx";
import { deploymentForTest } from "#components/deployments/deployment-for-test.ts";
import type { FailureCode } from "#lib/deployments/status.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";

const at = vi.hoisted(() => ({ path: "/deployments/dep-0123456789ab" }));
vi.mock("next/navigation", () => ({
  usePathname: () => at.path,
  useRouter: () => ({ refresh: () => {}, push: () => {} }),
}));

const never = () => Promise.reject(new Error("Nobody presses a button here."));

function header(statusCode: FailureCode, change: Partial<DeploymentView> = {}): string {
  const operation = { ...deploymentForTest().operation, status: "failed", errorCode: statusCode } as const;
  const deployment = deploymentForTest({
    status: "failed",
    statusCode,
    statusMessage: "It failed.",
    operation,
    ...change,
  });
  const acts = { cancel: never, retry: never, tearDown: never, forget: never, extend: never };
  return renderToStaticMarkup(<DeploymentHeader {...{ deployment, ...acts }} />);
}

/** The classes of the button that tries again. */
function retryLook(statusCode: FailureCode): string {
  const button = header(statusCode).match(/<button(?:(?!<button).)*Retry/)?.[0] ?? "";
  return /class="([^"]*)"/.exec(button)?.[1] ?? "";
}

it("a retry comes first where it may help, and not before settings that it would fail by again", () => {
  expect(retryLook("engine_failed")).toContain("bg-accent ");
  expect(retryLook("port_taken")).not.toContain("bg-accent ");
  expect(retryLook("port_taken")).toContain("bg-surface");
});

it("what a tear-down left is removed from its receipt, and from here where no receipt with that button stands", () => {
  const remaining = [{ kind: "object" as const, what: "Disk pvc-1" }];
  const receipt = { created: [], deleted: [], remaining, checkedAt: "2026-01-02T03:04:05.000Z" };
  expect(header("leftovers", { receipt })).not.toMatch(/Retry|Tear down/);
  expect(header("leftovers")).toMatch(/Retry.*Tear down/);
  at.path += "/activity";
  expect(header("leftovers", { receipt })).toMatch(/Retry.*Tear down/);
});
