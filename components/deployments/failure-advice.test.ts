import { expect, it } from "vitest";
import { failureAdvice } from "#components/deployments/failure-advice.ts";
import { failureCodes } from "#lib/deployments/status.ts";

it.each(failureCodes)("%s has a next step, on this machine and on a cluster", (code) => {
  for (const on of ["local", "kubernetes"] as const) expect(failureAdvice(code, on)).toMatch(/^[A-Z].+\.$/);
});

it("doesn't say of a cluster what is true of this machine alone", () => {
  expect(failureAdvice("target_unreachable", "local")).toContain("by itself");
  expect(failureAdvice("target_unreachable", "kubernetes")).toContain("under Targets");
});
