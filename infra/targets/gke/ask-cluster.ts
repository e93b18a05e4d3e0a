import type { GoogleApi } from "#infra/google/api-client.ts";
import { apiClient, type ApiClient } from "#infra/kubernetes/api-client.ts";
import { accessOf, clusterLink, longToken, readControlPlane } from "#infra/targets/gke/cluster-access.ts";
import { explainCluster } from "#infra/targets/kubernetes/preflight.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";

/**
 * Asks a deployment's cluster, its own or a chosen one.
 *
 * @param otherwise what it gives where there is no cluster (yet)
 * @throws EngineError for a refusal or a silence of the cluster's, as `explainCluster` tells it; what Google's API throws
 */
export async function askCluster<T>(
  api: GoogleApi,
  of: { deploymentId: string; settings: GkeSettings; signal?: AbortSignal },
  otherwise: T,
  ask: (cluster: ApiClient) => Promise<T>,
): Promise<T> {
  const plane = await readControlPlane(api, clusterLink(of.deploymentId, of.settings), of.signal);
  if (plane === null) return otherwise;
  const cluster = apiClient(accessOf(plane, await longToken(api.tokens)));
  try {
    return await ask(cluster);
  } catch (error) {
    throw explainCluster(error);
  } finally {
    cluster.close();
  }
}
