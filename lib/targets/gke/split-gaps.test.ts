import { expect, test } from "vitest";
import { projectFindingsForTest } from "#lib/targets/gke/findings-for-test.ts";
import type { ProjectFindings } from "#lib/targets/gke/findings.ts";
import { gapsOf } from "#lib/targets/gke/gaps.ts";
import { splitGaps } from "#lib/targets/gke/split-gaps.ts";

const found = projectFindingsForTest();
const split = (change: Partial<ProjectFindings>) => {
  const changed = { ...found, ...change };
  const { blocking, others } = splitGaps({ ...changed, gaps: gapsOf(changed) });
  return [blocking, others].map((gaps) => gaps.map(({ message }) => message));
};

test("an API or a right that each deployment needs stops all; those for files and figures don't", () => {
  const off = ["compute.googleapis.com", "storage.googleapis.com"];
  const apis = found.apis.map((api) => ({ ...api, enabled: !off.includes(api.name) }));
  const rights = found.rights!.map((right) => ({ ...right, denied: [`one.for.${right.need}`] }));
  const [blocking, others] = split({ apis, rights });
  expect(blocking).toContain("The Compute Engine API isn't enabled in the project.");
  expect(others).toContain("The Cloud Storage API isn't enabled in the project.");
  expect(blocking!.join()).toContain("one.for.always");
  expect(blocking!.join()).not.toMatch(/one\.for\.(static content|figures|sweep)/);
  expect(others!.join()).not.toContain("one.for.always");
});

test("an account of nodes stops all where no cluster is there already; a quota leaves smaller ones", () => {
  const nodeAccount = { email: "n@p.iam.gserviceaccount.com", exists: false, mayActAs: null };
  const quotas = found.quotas!.map((quota) => ({ ...quota, used: quota.limit }));
  const [none, some] = split({ nodeAccount, quotas });
  expect(none).toEqual([]);
  expect(some!.join()).toMatch(/quota.*There is no service account n@p/s);
  const [blocking, others] = split({ nodeAccount, quotas, clusters: [] });
  expect(blocking).toEqual([expect.stringContaining("There is no service account n@p")]);
  expect(others!.join()).toContain("quota");
});
