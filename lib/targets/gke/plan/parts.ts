import type { Spec } from "#lib/deployments/spec.ts";
import type { GkeLoadBalancer } from "#lib/targets/gke/load-balancer.ts";
import { descriptionOf, labelsOf } from "#lib/targets/gke/mark.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";
import type { GkeType } from "#lib/targets/gke/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

/** What every part of a plan is made from. */
export type Parts = {
  deploymentId: string;
  spec: Spec;
  settings: GkeSettings;
  loadBalancer: GkeLoadBalancer;
};

/** One resource of Google's: in the project, with what has to be there before. */
export function planned(
  { settings }: Parts,
  type: GkeType,
  name: string,
  summary: string,
  inputs: { name: string } & Record<string, unknown>,
  before: readonly PlannedResource[] = [],
): PlannedResource {
  return {
    type,
    name,
    summary,
    inputs: { project: settings.project, ...inputs },
    dependsOn: before.map(resourceKey),
  };
}

/** The mark of the kinds that have labels, and of those that have a description alone. */
export function marked({ deploymentId }: Parts) {
  return { labels: labelsOf(deploymentId), description: descriptionOf(deploymentId) };
}
