import { describe, expect, it } from "vitest";
import { projectFindingsForTest } from "#lib/targets/gke/findings-for-test.ts";
import type { ProjectFindings } from "#lib/targets/gke/findings.ts";
import { projectOffersOf, reasonAgainstProject } from "#lib/targets/gke/project-offers.ts";

const at = (location: string) => ({ project: "demo-proj", location });
const zone = at("us-central1-a");
const found = projectFindingsForTest;
const lacking = (need: string): Partial<ProjectFindings> => ({
  rights: found().rights!.map((right) => ({
    ...right,
    denied: right.need === need ? ["some.permission"] : [],
  })),
});
const without = (name: string): Partial<ProjectFindings> => ({
  apis: found().apis.map((api) => ({ ...api, enabled: api.name !== name })),
});
const nobody: Partial<ProjectFindings> = { nodeAccount: null };
const problem = { code: "autopilot", message: "It is Autopilot.", todo: "Choose another." } as const;
const noClusters: Partial<ProjectFindings> = {
  clusters: found().clusters!.map((cluster) => ({ ...cluster, problems: [problem] })),
};

describe("why nothing can be deployed in a project", () => {
  it("is nothing where all is there, or only what some deployments need is missing", () => {
    for (const change of [
      {},
      lacking("static content"),
      lacking("figures"),
      lacking("sweep"),
      nobody,
      noClusters,
    ])
      expect(reasonAgainstProject(found(change))).toBeNull();
    expect(reasonAgainstProject(found(without("storage.googleapis.com")))).toBeNull();
  });

  it.each([
    ["nobody looked", null, "Not checked yet"],
    ["a right that all need is missing", found(lacking("always")), "lacks rights"],
    ["an API that all need isn't enabled", found(without("container.googleapis.com")), "isn't enabled"],
    ["there is no cluster to be had", found({ ...nobody, ...noClusters }), "No cluster can be made"],
  ])("is said where %s", (_when, findings, words) => {
    expect(reasonAgainstProject(findings)).toContain(words);
  });

  it("is Google's own word where that names no account", () => {
    const trouble = (code: "billing_disabled" | "right_missing") =>
      found({ trouble: { code, message: "somebody@example.com may not.", todo: "", link: null } });
    expect(reasonAgainstProject(trouble("billing_disabled"))).toBe("somebody@example.com may not.");
    expect(reasonAgainstProject(trouble("right_missing"))).not.toContain("somebody");
    expect(reasonAgainstProject(trouble("right_missing"), { admin: true })).toBe(
      "somebody@example.com may not.",
    );
  });
});

describe("what a project offers", () => {
  it("is what each zone has where nodes are", () => {
    const machine = { cpus: 2, memoryMb: 4096 };
    const zones = ["us-central1-a", "us-central1-b", "us-central1-c", "us-central1-f"];
    const machineTypes = [
      { name: "everywhere", ...machine, zones },
      { name: "in-a", ...machine, zones: ["us-central1-a"] },
      { name: "not-in-a", ...machine, zones: ["us-central1-b"] },
    ];
    const names = (location: string) =>
      projectOffersOf(found({ machineTypes }), at(location)).machineTypes?.map(({ name }) => name);
    expect(names("us-central1-a")).toEqual(["everywhere", "in-a"]);
    expect(names("us-central1")).toEqual(["everywhere"]);
    expect(projectOffersOf(found(), at("us-central1"))).toMatchObject({
      region: "us-central1",
      zones: ["us-central1-a", "us-central1-b", "us-central1-c"],
      accelerators: [],
    });
    expect(projectOffersOf(found(), zone).accelerators).toEqual([
      { name: "nvidia-tesla-t4", title: "NVIDIA T4", most: 4 },
    ]);
  });

  it("is not known where it may not be read", () => {
    const blind = found({ zones: null, machineTypes: null, accelerators: null, clusters: null });
    expect(projectOffersOf(blind, zone)).toMatchObject({
      zones: null,
      machineTypes: null,
      accelerators: null,
      clusters: [],
    });
  });

  it("says why it makes no cluster, and serves no files", () => {
    const refusals = (change: Partial<ProjectFindings>) => {
      const { ownClusterRefusal, staticContentRefusal } = projectOffersOf(found(change), zone);
      return [ownClusterRefusal, staticContentRefusal];
    };
    const email = "nodes@demo-proj.iam.gserviceaccount.com";
    expect(refusals({})).toEqual([null, null]);
    expect(refusals(nobody)[0]).toContain("no node service account");
    expect(refusals({ nodeAccount: { email, exists: true, mayActAs: false } })[0]).toContain("may not use");
    expect(refusals({ defaultAccount: { email, exists: false, mayActAs: null } })[0]).toContain("is missing");
    expect(refusals({ nodeAccount: { email, exists: null, mayActAs: null } })[0]).toBeNull();
    expect(refusals(lacking("static content"))[1]).toContain("rights to make a bucket");
    expect(refusals(without("storage.googleapis.com"))[1]).toContain("isn't enabled");
  });
});
