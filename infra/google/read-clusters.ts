import * as z from "zod";
import type { GoogleApi } from "#infra/google/api-client.ts";
import { reachCluster, type Reach } from "#infra/google/reach-cluster.ts";
import {
  googleCluster,
  toClusterFound,
  whyUnreachable,
  whyUnusable,
  type GoogleCluster,
} from "#lib/targets/gke/existing-cluster.ts";
import type { ClusterFound } from "#lib/targets/gke/findings.ts";

type Where = { project: string; region: string; reach?: Reach; signal?: AbortSignal };

const list = z.looseObject({ clusters: z.array(googleCluster).nullish() });

/** Every cluster of a project, and why a deployment can't be put into it. */
export async function readClusters(api: GoogleApi, where: Where): Promise<ClusterFound[]> {
  const path = `projects/${where.project}/locations/-/clusters`;
  const answer = await api.request({ service: "container", path, signal: where.signal });
  const clusters = list.parse(answer).clusters ?? [];
  return Promise.all(clusters.map((cluster) => judgeCluster(api, cluster, where)));
}

/** One cluster as Kubernetes Engine shows it; null: it isn't there. */
export async function findCluster(
  api: GoogleApi,
  {
    project,
    location,
    name,
    signal,
  }: { project: string; location: string; name: string; signal?: AbortSignal },
): Promise<GoogleCluster | null> {
  const path = `projects/${project}/locations/${encodeURIComponent(location)}/clusters/${encodeURIComponent(name)}`;
  const answer = await api.find({ service: "container", path, signal });
  return answer === null ? null : googleCluster.parse(answer);
}

/** Whether a deployment can be put into a cluster. Its control plane is asked only where nothing else is against it. */
export async function judgeCluster(
  api: GoogleApi,
  cluster: GoogleCluster,
  { project, region, reach = reachCluster, signal }: Where,
): Promise<ClusterFound> {
  const problems = whyUnusable(cluster, { project, region });
  if (problems.length > 0) return toClusterFound(cluster, problems);
  const isReached = await reach(api, cluster, signal);
  return toClusterFound(cluster, isReached ? [] : [whyUnreachable(cluster)]);
}
