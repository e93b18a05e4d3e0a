import { openCluster, unlessRefused, type Cluster } from "#infra/clusters/ask-cluster.ts";
import { explainTrouble } from "#infra/clusters/explain-trouble.ts";
import { readNodes } from "#infra/clusters/read-nodes.ts";
import { readGatewayClasses, readLoadBalancers, readMetricsApi } from "#infra/clusters/read-offers.ts";
import { reviewRights } from "#infra/clusters/review-rights.ts";
import { nothingFound, type Findings } from "#lib/targets/kubernetes/findings.ts";
import { parseKubeconfig } from "#lib/targets/kubernetes/parse-kubeconfig.ts";

export type Checked = { findings: Findings; clusterUid: string | null };

/** A cluster that is well answers within a second or two; nobody waits longer than this for one that isn't. */
const checkMs = 40_000;

/**
 * Looks at a cluster: whether it answers, who it takes us for, what we may do there and what it has. Changes nothing.
 *
 * @param options.knownUid uid of the cluster that was seen there before
 * @returns what was found; a cluster that can't be asked is something found too
 */
export async function checkCluster(
  kubeconfig: string,
  options: { now: Date; knownUid: string | null; signal?: AbortSignal },
): Promise<Checked> {
  const limit = AbortSignal.timeout(checkMs);
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
  let cluster: Cluster | null = null;
  try {
    cluster = openCluster(parseKubeconfig(kubeconfig, { now: options.now }), signal);
    return await look(cluster, options.knownUid);
  } catch (error) {
    return { findings: nothingFound(explainTrouble(error)), clusterUid: null };
  } finally {
    cluster?.close();
  }
}

async function look(cluster: Cluster, knownUid: string | null): Promise<Checked> {
  const version = await readVersion(cluster);
  if (version === "not kubernetes") {
    const message = "Something else than Kubernetes answers at the cluster's address.";
    const todo =
      "See whether the kubeconfig's server is the API server, and not a page or a proxy before it.";
    return { findings: nothingFound({ code: "not_kubernetes", message, todo }), clusterUid: null };
  }
  const clusterUid = await readUid(cluster);
  if (knownUid && clusterUid && knownUid !== clusterUid) {
    const message = "Another cluster answers at this address than the one that was registered.";
    const todo = "What was deployed is not there. Register this cluster as a target of its own.";
    return { findings: nothingFound({ code: "other_cluster", message, todo }), clusterUid: null };
  }
  const [rights, gateways, metricsApi, loadBalancers, nodes] = await Promise.all([
    reviewRights(cluster),
    readGatewayClasses(cluster),
    readMetricsApi(cluster),
    readLoadBalancers(cluster),
    readNodes(cluster),
  ]);
  const found = { trouble: null, version, rights, ...gateways, metricsApi, loadBalancers, nodes };
  return { findings: found, clusterUid };
}

/** The version; null where the cluster keeps it to itself. */
async function readVersion(cluster: Cluster): Promise<string | null> {
  const answer = await unlessRefused(cluster.get("/version"), { 403: null, 404: {} });
  if (answer === null) return null;
  const version = (answer as { gitVersion?: unknown }).gitVersion;
  return typeof version === "string" ? version : "not kubernetes";
}

/** A cluster has no name of its own; people tell clusters apart by the uid of the namespace that each has. */
async function readUid(cluster: Cluster): Promise<string | null> {
  const namespace = await unlessRefused(cluster.get("/api/v1/namespaces/kube-system"), {
    403: null,
    404: null,
  });
  const uid = (namespace as { metadata?: { uid?: unknown } } | null)?.metadata?.uid;
  return typeof uid === "string" ? uid : null;
}
