import { renderToStaticMarkup } from "react-dom/server";
import { expect, it, vi } from "vitest";
import { DeploymentHeader } from "#components/deployments/deployment-header.tsx";
import { deploymentForTest } from "#components/deployments/deployment-for-test.ts";
import type { FailureCode } from "#lib/deployments/status.ts";

vi.mock("next/navigation", () => ({
  usePathname: () => "/deployments/dep-0123456789ab",
  useRouter: () => ({ refresh: () => {}, push: () => {} }),
}));

const never = () => Promise.reject(new Error("Nobody presses a button here."));

/** The classes of the button that tries again. */
function retryLook(statusCode: FailureCode): string {
  const operation = { ...deploymentForTest().operation, status: "failed", errorCode: statusCode } as const;
  const deployment = deploymentForTest({
    status: "failed",
    statusCode,
    statusMessage: "It failed.",
    operation,
  });
  const acts = { cancel: never, retry: never, tearDown: never, forget: never, extend: never };
  const header = renderToStaticMarkup(<DeploymentHeader {...{ deployment, ...acts }} />);
  const button = header.match(/<button(?:(?!<button).)*Retry/)?.[0] ?? "";
  return /class="([^"]*)"/.exec(button)?.[1] ?? "";
}

it("a retry comes first where it may help, and not before settings that it would fail by again", () => {
  expect(retryLook("engine_failed")).toContain("bg-accent ");
  expect(retryLook("port_taken")).not.toContain("bg-accent ");
  expect(retryLook("port_taken")).toContain("bg-surface");
});
