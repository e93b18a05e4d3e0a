import { projectApi } from "#infra/google/project-api.ts";
import type { JobTarget } from "#infra/runner/messages.ts";
import { askCluster } from "#infra/targets/gke/ask-cluster.ts";
import { explainGoogle } from "#infra/targets/gke/explain-google.ts";
import { gkeRemaining } from "#infra/targets/gke/sweep.ts";
import { namespaceRemaining } from "#infra/targets/kubernetes/inventory.ts";
import type { Receipt } from "#lib/deployments/view.ts";

/**
 * What of a deployment is still in a Google project, and in a cluster there that isn't its own.
 *
 * @throws EngineError: then it isn't known
 */
export async function projectRemaining(
  target: Extract<JobTarget, { kind: "gke" }>,
  deploymentId: string,
): Promise<Receipt["remaining"]> {
  const { settings, credentials, googleEndpoint } = target;
  const { project } = settings;
  const { api } = projectApi({ credentials, project, googleEndpoint });
  const inProject = await gkeRemaining(api, { project, deploymentId });
  if (settings.cluster.mode === "own") return inProject;
  const inCluster = await askCluster(api, { deploymentId, settings }, [], (cluster) =>
    namespaceRemaining(cluster, deploymentId),
  ).catch((error: unknown) => {
    throw explainGoogle(error, project);
  });
  return [...inProject, ...inCluster];
}
