import type { GoogleApi } from "#infra/google/api-client.ts";
import { ApiError, apiClient } from "#infra/kubernetes/api-client.ts";
import type { GoogleCluster } from "#lib/targets/gke/existing-cluster.ts";

/** Whether this machine reaches a cluster's control plane: nothing that the cluster says of itself tells for sure. */
export type Reach = (api: GoogleApi, cluster: GoogleCluster, signal?: AbortSignal) => Promise<boolean>;

const timeoutMs = 6_000;

/** Asks the control plane for its version, with the project's token. An answer that refuses is one too. */
export const reachCluster: Reach = async ({ tokens }, { endpoint, masterAuth }, signal) => {
  if (!endpoint || !masterAuth?.clusterCaCertificate) return false;
  const { value } = await tokens.token(signal);
  const cluster = apiClient(
    {
      server: `https://${endpoint}`,
      tlsServerName: null,
      certificateAuthority: Buffer.from(masterAuth.clusterCaCertificate, "base64").toString(),
      credentials: { kind: "token", token: value },
    },
    timeoutMs,
  );
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    await cluster.request({
      method: "GET",
      path: "/version",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    return error instanceof ApiError;
  } finally {
    cluster.close();
  }
};
