import { firstNodesOfZone } from "#lib/targets/gke/first-nodes.ts";
import { labelsOf } from "#lib/targets/gke/mark.ts";
import { mainName, poolName } from "#lib/targets/gke/names.ts";
import { networkOf } from "#lib/targets/gke/plan/network.ts";
import { marked, planned, type Parts } from "#lib/targets/gke/plan/parts.ts";
import type { GkeSettings, OwnCluster } from "#lib/targets/gke/settings.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/** GKE's own since version 1.24; said here, so that the price is of what there is. */
export const bootDisk = { type: "pd-balanced", gigabytes: 100 } as const;

/** A cluster of its own with its pool of nodes; nothing where one is there already. */
export function planCluster(parts: Parts, network: readonly PlannedResource[]): PlannedResource[] {
  const { cluster } = parts.settings;
  if (cluster.mode === "existing") return [];
  const made = clusterOf(parts, cluster, network);
  return [made, poolOf(parts, cluster, made)];
}

function clusterOf(
  parts: Parts,
  { releaseChannel }: OwnCluster,
  network: readonly PlannedResource[],
): PlannedResource {
  const { deploymentId, settings } = parts;
  const { project, location, zones } = settings;
  const { labels, description } = marked(parts);
  const { network: link, subnetwork, podsRangeName, servicesRangeName } = networkOf(parts);
  // A zone's cluster is in that zone anyway: Google wants only the others named.
  const others = zones.filter((zone) => zone !== location);
  return planned(
    parts,
    gkeTypes.cluster,
    "cluster",
    `A GKE cluster of its own in ${location}, release channel ${releaseChannel}`,
    {
      name: mainName(deploymentId),
      description,
      location,
      ...(others.length > 0 && { nodeLocations: others }),
      network: link,
      subnetwork,
      networkingMode: "VPC_NATIVE",
      ipAllocationPolicy: {
        clusterSecondaryRangeName: podsRangeName,
        servicesSecondaryRangeName: servicesRangeName,
      },
      releaseChannel: { channel: releaseChannel },
      workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
      // A cluster begins with a pool of its own, which goes at once. Nothing of its nodes is said here: that would
      // replace the cluster with each update.
      removeDefaultNodePool: true,
      initialNodeCount: 1,
      deletionProtection: false,
      resourceLabels: labels,
    },
    network,
  );
}

function poolOf(parts: Parts, own: OwnCluster, cluster: PlannedResource): PlannedResource {
  const { deploymentId, settings } = parts;
  const { location, zones, nodeServiceAccount } = settings;
  const { minNodes, maxNodes, machineType } = own;
  const count = minNodes === maxNodes ? String(minNodes) : `${minNodes} to ${maxNodes}`;
  return planned(
    parts,
    gkeTypes.nodePool,
    "pool",
    `${count} nodes ${machineType}${own.spot ? ", spot" : ""}${gpuWords(own)}`,
    {
      name: poolName(own, nodeServiceAccount),
      cluster: mainName(deploymentId),
      location,
      nodeLocations: zones,
      // Of each zone, unlike the bounds.
      initialNodeCount: firstNodesOfZone(own, zones),
      autoscaling: { totalMinNodeCount: minNodes, totalMaxNodeCount: maxNodes },
      management: { autoRepair: true, autoUpgrade: true },
      nodeConfig: nodeConfigOf(deploymentId, own, settings),
    },
    [cluster],
  );
}

function nodeConfigOf(deploymentId: string, own: OwnCluster, { nodeServiceAccount }: GkeSettings) {
  const labels = labelsOf(deploymentId);
  return {
    machineType: own.machineType,
    diskType: bootDisk.type,
    diskSizeGb: bootDisk.gigabytes,
    spot: own.spot,
    serviceAccount: nodeServiceAccount,
    // What nodes may do is the account's rights alone.
    oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
    workloadMetadataConfig: { mode: "GKE_METADATA" },
    tags: [mainName(deploymentId)],
    labels,
    resourceLabels: labels,
    ...(own.gpu && {
      guestAccelerators: [{ ...own.gpu, gpuDriverInstallationConfig: { gpuDriverVersion: "DEFAULT" } }],
    }),
  };
}

function gpuWords({ gpu }: OwnCluster): string {
  return gpu ? `, each with ${gpu.count} × ${gpu.type}` : "";
}
