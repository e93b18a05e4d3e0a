import * as z from "zod";
import type { ClusterFound, ClusterProblem } from "#lib/targets/gke/findings.ts";
import { deploymentOf } from "#lib/targets/gke/mark.ts";

const flag = z.boolean().nullish();

/** As much of a cluster as Kubernetes Engine shows it and a deployment is concerned with. */
export const googleCluster = z.looseObject({
  name: z.string(),
  location: z.string(),
  status: z.string(),
  statusMessage: z.string().nullish(),
  currentMasterVersion: z.string().nullish(),
  locations: z.array(z.string()).nullish(),
  nodePools: z
    .array(
      z.looseObject({
        status: z.string().nullish(),
        locations: z.array(z.string()).nullish(),
        networkConfig: z.looseObject({ podIpv4CidrBlock: z.string().nullish() }).nullish(),
      }),
    )
    .nullish(),
  resourceLabels: z.record(z.string(), z.string()).nullish(),
  /** the API server's address */
  endpoint: z.string().nullish(),
  masterAuth: z.looseObject({ clusterCaCertificate: z.string().nullish() }).nullish(),
  networkConfig: z.looseObject({ network: z.string().nullish() }).nullish(),
  ipAllocationPolicy: z
    .looseObject({ useIpAliases: flag, clusterIpv4CidrBlock: z.string().nullish() })
    .nullish(),
  addonsConfig: z.looseObject({ httpLoadBalancing: z.looseObject({ disabled: flag }).nullish() }).nullish(),
  autopilot: z.looseObject({ enabled: flag }).nullish(),
  privateClusterConfig: z.looseObject({ enablePrivateEndpoint: flag }).nullish(),
  masterAuthorizedNetworksConfig: z.looseObject({ enabled: flag }).nullish(),
  controlPlaneEndpointsConfig: z
    .looseObject({
      ipEndpointsConfig: z
        .looseObject({
          enabled: flag,
          enablePublicEndpoint: flag,
          authorizedNetworksConfig: z.looseObject({ enabled: flag }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

export type GoogleCluster = z.infer<typeof googleCluster>;

/** @param problems why no deployment can be put into it */
export function toClusterFound(cluster: GoogleCluster, problems: ClusterProblem[]): ClusterFound {
  return {
    name: cluster.name,
    location: cluster.location,
    status: cluster.status,
    version: cluster.currentMasterVersion ?? null,
    zones: zonesOfNodes(cluster),
    network: cluster.networkConfig?.network ?? null,
    podsRange: cluster.ipAllocationPolicy?.clusterIpv4CidrBlock ?? null,
    morePodsRanges: morePodsRanges(cluster),
    problems,
  };
}

/**
 * Where a cluster's nodes are, sorted: there GKE makes groups of pods' addresses, and nowhere else. Each pool has zones of
 * its own; the cluster's are what a pool gets that names none (Container API, `Cluster.locations`).
 */
function zonesOfNodes({ nodePools, locations }: GoogleCluster): string[] {
  const shared = locations ?? [];
  const pools = (nodePools ?? []).filter(({ status }) => status !== "STOPPING");
  const zones = pools.flatMap((pool) => (pool.locations?.length ? pool.locations : shared));
  return [...new Set(pools.length > 0 ? zones : shared)].toSorted();
}

/**
 * Addresses of pods that aren't of the cluster's own range, sorted: those of pools with another range of the subnet
 * (Container API, `NodeNetworkConfig.podIpv4CidrBlock`). A pool that is being deleted has pods until it is gone.
 */
function morePodsRanges({ nodePools, ipAllocationPolicy }: GoogleCluster): string[] {
  const all = (nodePools ?? []).flatMap((pool) => pool.networkConfig?.podIpv4CidrBlock ?? []);
  return [...new Set(all.filter((range) => range !== ipAllocationPolicy?.clusterIpv4CidrBlock))].toSorted();
}

/** Why no deployment can be put into a cluster, as far as it says so itself. */
export function whyUnusable(
  cluster: GoogleCluster,
  { project, region }: { project: string; region: string },
): ClusterProblem[] {
  const checks: [isSo: boolean, problem: ClusterProblem][] = [
    [
      !["RUNNING", "RECONCILING"].includes(cluster.status),
      {
        code: "not_running",
        message: `It is ${cluster.status}${cluster.statusMessage ? `: ${cluster.statusMessage}` : ""}.`,
        todo: "Wait until Google says RUNNING, or see what the console says of it.",
      },
    ],
    [
      deploymentOf({ labels: cluster.resourceLabels }) !== null,
      {
        code: "owned",
        message: `It was made for one deployment, ${deploymentOf({ labels: cluster.resourceLabels })}, and goes with it.`,
        todo: "Choose a cluster that stays.",
      },
    ],
    [
      cluster.location !== region && !cluster.location.startsWith(`${region}-`),
      {
        code: "elsewhere",
        message: `It is in ${cluster.location}, and the target is for ${region}.`,
        todo: "Register the project once more as a target with that location.",
      },
    ],
    ...networkChecks(cluster, project),
    [
      cluster.autopilot?.enabled === true,
      {
        code: "autopilot",
        message:
          "It is an Autopilot cluster: its nodes come and go in any zone, and the load balancer needs pods in zones that stay.",
        todo: "Choose a standard cluster.",
      },
    ],
  ];
  return checks.flatMap(([isSo, problem]) => (isSo ? [problem] : []));
}

function networkChecks(cluster: GoogleCluster, project: string): [boolean, ClusterProblem][] {
  const { ipAllocationPolicy: addresses, networkConfig } = cluster;
  const network = networkConfig?.network ?? "";
  return [
    [
      addresses?.useIpAliases !== true || !addresses.clusterIpv4CidrBlock,
      {
        code: "not_vpc_native",
        message: "It isn't VPC-native: its pods have no addresses that Google's load balancer could reach.",
        todo: "Choose a cluster with IP aliases. A cluster that was made without can't be changed.",
      },
    ],
    [
      cluster.addonsConfig?.httpLoadBalancing?.disabled === true,
      {
        code: "no_load_balancing",
        message: "Its add-on HTTP load balancing is off, which brings pods to Google's load balancer.",
        todo: `Turn it on: gcloud container clusters update ${cluster.name} --location=${cluster.location} --update-addons=HttpLoadBalancing=ENABLED`,
      },
    ],
    [
      !network.startsWith(`projects/${project}/`),
      {
        code: "foreign_network",
        message: "Its network is another project's (a shared VPC), where no firewall may be made from here.",
        todo: "Choose a cluster with a network of this project.",
      },
    ],
  ];
}

/** Why the worker doesn't reach a cluster's control plane, by what the cluster says of who may. */
export function whyUnreachable(cluster: GoogleCluster): ClusterProblem {
  const endpoints = cluster.controlPlaneEndpointsConfig?.ipEndpointsConfig;
  const isPrivate =
    cluster.privateClusterConfig?.enablePrivateEndpoint === true ||
    endpoints?.enabled === false ||
    endpoints?.enablePublicEndpoint === false;
  const isLimited =
    cluster.masterAuthorizedNetworksConfig?.enabled === true ||
    endpoints?.authorizedNetworksConfig?.enabled === true;
  if (isPrivate)
    return {
      code: "private_endpoint",
      message: "Its control plane has a private address alone, which the worker doesn't reach.",
      todo: "Run the worker in its network, or open its public endpoint.",
    };
  if (isLimited)
    return {
      code: "authorized_networks",
      message: "Its control plane lets authorized networks in alone, and the worker isn't in one of them.",
      todo: `Add the worker's address to those that are there: gcloud container clusters update ${cluster.name} --location=${cluster.location} --enable-master-authorized-networks --master-authorized-networks=THOSE,ADDRESS/32.`,
    };
  return {
    code: "unreachable",
    message: "Its control plane doesn't answer the worker.",
    todo: "See whether a firewall stops what goes from the worker's machine to the cluster's endpoint, port 443.",
  };
}
