import { globalLink, regionalLink } from "#lib/targets/gke/links.ts";
import { firewallName, mainName } from "#lib/targets/gke/names.ts";
import { marked, planned, type Parts } from "#lib/targets/gke/plan/parts.ts";
import type { ChosenNetwork } from "#lib/targets/gke/settings.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { proxyPlaces, variantSettings } from "#lib/targets/kubernetes/settings.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/** Networks of different deployments don't meet, so that all of them have the same ranges: room for 256 nodes. */
const ranges = { nodes: "10.10.0.0/20", pods: "10.20.0.0/16", services: "10.30.0.0/20" };

/** Where Google's load balancers and health checks come from (Google's documentation, "Firewall rules"). */
const googleRanges = ["130.211.0.0/22", "35.191.0.0/16"];

/** The network that a cluster of its own is put into. */
export function networkOf({ deploymentId, settings }: Parts): ChosenNetwork {
  const { cluster, project, region } = settings;
  if (cluster.mode === "own" && cluster.network) return cluster.network;
  const name = mainName(deploymentId);
  return {
    network: globalLink(project, "networks", name),
    subnetwork: regionalLink(project, region, "subnetworks", name),
    podsRangeName: "pods",
    servicesRangeName: "services",
  };
}

/** A network of its own; nothing where one is chosen, or the cluster is there already. */
export function planNetwork(parts: Parts): PlannedResource[] {
  const { cluster, region } = parts.settings;
  if (cluster.mode === "existing" || cluster.network) return [];
  const name = mainName(parts.deploymentId);
  const { description } = marked(parts);
  const { network: link, podsRangeName, servicesRangeName } = networkOf(parts);
  const network = planned(parts, gkeTypes.network, "network", "A network of its own", {
    name,
    description,
    autoCreateSubnetworks: false,
  });
  const subnet = planned(
    parts,
    gkeTypes.subnetwork,
    "subnet",
    "Its addresses for nodes, pods and Services",
    {
      name,
      description,
      network: link,
      region,
      ipCidrRange: ranges.nodes,
      privateIpGoogleAccess: true,
      secondaryIpRanges: [
        { rangeName: podsRangeName, ipCidrRange: ranges.pods },
        { rangeName: servicesRangeName, ipCidrRange: ranges.services },
      ],
    },
    [network],
  );
  return [network, subnet];
}

/**
 * Lets Google's load balancer and its health checks in. Nodes of a pool of its own are known by their tag; of a cluster
 * that is there already nothing is changed, so there it goes by the pods' addresses. At layer 4 GKE makes its own.
 */
export function planFirewall(parts: Parts, network: readonly PlannedResource[]): PlannedResource[] {
  const { deploymentId, settings, loadBalancer } = parts;
  if (loadBalancer === "service") return [];
  const { cluster } = settings;
  const ports = portsOf(parts);
  const firewall = planned(
    parts,
    gkeTypes.firewall,
    "firewall",
    `Google's load balancer and its health checks may reach the pods' ports ${ports.join(", ")}`,
    {
      name: firewallName(deploymentId, ports),
      description: marked(parts).description,
      network: cluster.mode === "existing" ? cluster.network : networkOf(parts).network,
      direction: "INGRESS",
      sourceRanges: googleRanges,
      allows: [{ protocol: "tcp", ports }],
      ...(cluster.mode === "existing"
        ? { destinationRanges: [cluster.podsRange, ...cluster.morePodsRanges] }
        : { targetTags: [mainName(deploymentId)] }),
    },
    network.filter(({ type }) => type === gkeTypes.network),
  );
  return [firewall];
}

function portsOf({ spec, settings, loadBalancer }: Parts): string[] {
  const ports =
    loadBalancer === "google-and-proxy"
      ? [proxyPlaces.http, proxyPlaces.status]
      : spec.variants.map((variant) => variantSettings(settings, variant).port);
  return [...new Set(ports)].sort((one, other) => one - other).map(String);
}
