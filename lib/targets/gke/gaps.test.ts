import { expect, test } from "vitest";
import { projectFindingsForTest } from "#lib/targets/gke/findings-for-test.ts";
import { nothingFound, projectFindings, usableClusters } from "#lib/targets/gke/findings.ts";
import { gapsOf } from "#lib/targets/gke/gaps.ts";

const found = projectFindingsForTest();
const [right] = found.rights!;

test("a project that has all has no gap", () => {
  expect(gapsOf(found)).toEqual([]);
  expect(projectFindings.parse(found)).toEqual(found);
});

test("what isn't known is no gap", () => {
  const unknown = { apis: found.apis.map((api) => ({ ...api, enabled: null })), rights: null, quotas: null };
  const account = { email: "n@p.iam.gserviceaccount.com", exists: null, mayActAs: null };
  expect(gapsOf({ ...found, ...unknown, nodeAccount: account, defaultAccount: null })).toEqual([]);
});

test("a person and a service account are each given a role in their own way", () => {
  const denied = ["resourcemanager.projects.get"];
  const lacking = { ...found, rights: [{ ...right!, denied }] };
  const todoOf = (identity: string | null) => gapsOf({ ...lacking, identity })[0]?.todo;
  expect(todoOf("a@p.iam.gserviceaccount.com")).toContain(
    "--member=serviceAccount:a@p.iam.gserviceaccount.com ",
  );
  expect(todoOf("1-compute@developer.gserviceaccount.com")).toContain("--member=serviceAccount:1-compute@");
  expect(todoOf("ada@example.com")).toContain("--member=user:ada@example.com ");
  expect(todoOf(null)).toContain("--member=serviceAccount:ADDRESS ");
});

test("a quota is short where the rest of it is less than what is asked", () => {
  const quotas = found.quotas!.map((quota) => ({ ...quota, used: quota.limit - 1 }));
  expect(gapsOf({ ...found, quotas })).toMatchObject([
    {
      code: "quota_short",
      message: expect.stringContaining("CPUs in us-central1 (CPUS): 3 asked, 1 left of 24."),
    },
  ]);
});

test("clusters with a problem aren't offered", () => {
  const [fine] = found.clusters!;
  const problem = { code: "not_running", message: "It is ERROR.", todo: "Wait." } as const;
  const clusters = [fine!, { ...fine!, name: "broken", problems: [problem] }];
  expect(usableClusters({ ...found, clusters }).map(({ name }) => name)).toEqual(["shared"]);
  const trouble = { code: "unreachable", message: "No.", todo: "Wait.", link: null } as const;
  expect(usableClusters(nothingFound(trouble))).toEqual([]);
});
