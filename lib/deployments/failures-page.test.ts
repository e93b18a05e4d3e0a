import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { failureCodes } from "#lib/deployments/status.ts";
import { clusterProblems, projectTroubles } from "#lib/targets/gke/findings.ts";
import { troubleCodes } from "#lib/targets/kubernetes/findings.ts";

const page = readFileSync(path.resolve(import.meta.dirname, "../../docs/failures.md"), "utf8");
const [failures = "", clusters = "", projects = ""] = page.split(/^## /m);

function rowsOf(text: string): string[] {
  return [...text.matchAll(/^\| `(\w+)`/gm)].map(([, code]) => code!);
}

test.each([
  ["failures", failures, failureCodes],
  ["clusters", clusters, troubleCodes],
  ["Google projects", projects, projectTroubles],
])("the page of failures has each code of %s once, and no other", (_what, text, codes) => {
  expect(rowsOf(text).toSorted()).toEqual([...codes].toSorted());
});

test("it names each reason why a cluster isn't offered", () => {
  for (const code of clusterProblems) expect(projects).toContain(`\`${code}\``);
});
