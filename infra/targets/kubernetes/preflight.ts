import { explainTrouble } from "#infra/clusters/explain-trouble.ts";
import { EngineError } from "#infra/engine/driver.ts";
import { ApiError, ApiUnreachable, type ApiClient } from "#infra/kubernetes/api-client.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";
import { isOwn } from "#lib/targets/kubernetes/manifests/metadata.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";

/**
 * Looks whether the cluster answers, and whether the deployment's namespace is ours or nobody's. Nothing may be
 * applied before: the engine takes over what it finds.
 *
 * @throws EngineError `target_unreachable`, `target_refused` or `namespace_taken`
 */
export async function kubernetesPreflight(
  api: ApiClient,
  deploymentId: string,
  signal: AbortSignal,
): Promise<void> {
  const name = namespaceOf(deploymentId);
  const namespace = await api
    .find(objectPath({ apiVersion: "v1", kind: "Namespace", name }), signal)
    .catch((error: unknown) => {
      throw explainCluster(error);
    });
  if (!namespace || isOwn(namespace, deploymentId)) return;
  throw new EngineError(
    "namespace_taken",
    `The cluster has a namespace ${name} that isn't labelled as this deployment's, so nothing of it is touched. Rename or delete it, then retry.`,
  );
}

/**
 * What a refusal or a silence of the API server means to a person. Whoever deploys reads it, and only admins may know
 * a cluster's address: that is in the cause, for a log.
 */
export function explainCluster(error: unknown): unknown {
  const isTooMuch = error instanceof ApiError && (error.status === 429 || error.status >= 500);
  if (error instanceof ApiUnreachable || isTooMuch) {
    const { message, todo } = explainTrouble(error);
    return new EngineError("target_unreachable", `${message} ${todo} Then retry.`, [], error);
  }
  if (error instanceof ApiError && error.status === 401) {
    const message =
      "The cluster doesn't know the target's credentials any more: they may be over. Give the target a new kubeconfig, then retry.";
    return new EngineError("target_refused", message, [], error);
  }
  if (error instanceof ApiError && error.status === 403) {
    const message = `The cluster doesn't allow it: ${error.message}. Give the target's account the rights that the targets page lists, then retry.`;
    return new EngineError("target_refused", message, [], error);
  }
  return error;
}
