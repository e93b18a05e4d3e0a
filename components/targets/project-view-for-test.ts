import type { ProjectFindings } from "#lib/targets/gke/findings.ts";
import { projectFindingsForTest } from "#lib/targets/gke/findings-for-test.ts";
import { projectOffersOf, reasonAgainstProject } from "#lib/targets/gke/project-offers.ts";
import type { ProjectView } from "#lib/targets/gke/project-view.ts";
import type { TargetView } from "#lib/targets/target-view.ts";

/** A Google project as an admin sees it after a check that found this. */
export function projectViewForTest(found: Partial<ProjectFindings> = {}): ProjectView {
  const findings = projectFindingsForTest(found);
  const trouble = reasonAgainstProject(findings);
  const settings = {
    project: "demo-proj",
    location: "us-central1-a",
    account: "key",
    nodeServiceAccount: findings.nodeAccount?.email ?? null,
    imagePrefix: null,
    proxyImage: null,
  } as const;
  return {
    id: "target-2",
    state: trouble ? "trouble" : "ready",
    trouble,
    checking: false,
    offers: findings.trouble === null ? projectOffersOf(findings, settings) : null,
    imagePrefix: null,
    detail: { settings, deployments: 0, findings },
  };
}

/** The target that this project is. */
export function projectTargetForTest(project: ProjectView): TargetView {
  return {
    name: "google",
    kind: "gke",
    title: "google",
    does: "Each deployment has a cluster of its own in this Google project.",
    refusal: null,
    imageRefusal: null,
    available: project.trouble === null,
    reason: project.trouble,
    checkedAt: null,
    cluster: null,
    project,
  };
}
