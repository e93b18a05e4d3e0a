import { projectFindings, type ProjectFindings } from "#lib/targets/gke/findings.ts";
import { projectOffersOf, reasonAgainstProject } from "#lib/targets/gke/project-offers.ts";
import { projectSettings } from "#lib/targets/gke/project-settings.ts";
import type { TargetView } from "#lib/targets/target-view.ts";
import { findTarget } from "#lib/targets/targets.ts";
import type { Target } from "#prisma/generated/client.ts";

/** A row of a registered Google project as this actor may see it. */
export function viewProject(
  row: Target,
  seen: { admin: boolean; checking: boolean; live: number },
): TargetView {
  const { refusal, imageRefusal } = findTarget("gke");
  const settings = projectSettings.parse(row.settings);
  const findings: ProjectFindings | null = row.findings === null ? null : projectFindings.parse(row.findings);
  const reason = reasonAgainstProject(findings, seen);
  return {
    name: row.name,
    kind: "gke",
    title: row.name,
    does: "Each deployment has a cluster of its own in this Google project, or a part of one that is there, behind Google's load balancer.",
    refusal,
    imageRefusal,
    available: reason === null,
    reason,
    checkedAt: row.checkedAt?.toISOString() ?? null,
    cluster: null,
    project: {
      id: row.id,
      state: !findings ? "unchecked" : reason ? "trouble" : "ready",
      trouble: findings ? reason : null,
      checking: seen.checking,
      offers: findings?.trouble === null ? projectOffersOf(findings, settings) : null,
      imagePrefix: settings.imagePrefix,
      detail: seen.admin ? { settings, deployments: seen.live, findings } : null,
    },
  };
}
