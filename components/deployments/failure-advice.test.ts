import { expect, it } from "vitest";
import { failureAdvice, servingAdvice } from "#components/deployments/failure-advice.ts";
import { failureCodes } from "#lib/deployments/status.ts";

it.each(failureCodes)("%s has a next step, on this machine, on a cluster and at Google", (code) => {
  for (const on of ["local", "kubernetes", "gke"] as const)
    expect(failureAdvice(code, on)).toMatch(/^[A-Z].+\.$/);
});

it("doesn't say of a cluster what is true of this machine alone", () => {
  expect(failureAdvice("target_unreachable", "local")).toContain("by itself");
  expect(failureAdvice("target_unreachable", "kubernetes")).toContain("under Targets");
});

it("speaks of nodes that the form has where the cluster is Google's", () => {
  expect(failureAdvice("no_node_fits", "kubernetes")).not.toContain("Google");
  expect(failureAdvice("no_node_fits", "gke")).toContain("under Settings, in Google Cloud");
  expect(servingAdvice("no_node_fits", "gke")).toContain("by itself");
});

it("leaves it to the message whether what is missing at Google can be put right: a cluster that is gone can’t", () => {
  expect(servingAdvice("objects_missing", "kubernetes")).toContain("Put it right");
  expect(servingAdvice("objects_missing", "gke")).not.toContain("Put it right");
});
