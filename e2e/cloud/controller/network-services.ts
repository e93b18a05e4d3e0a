import { zonesOf } from "#e2e/cloud/google/catalog.ts";
import { stringAt } from "#e2e/cloud/google/json.ts";
import {
  hashOf,
  isSettled,
  patch,
  write,
  type KnownCluster,
  type World,
} from "#e2e/cloud/controller/world.ts";
import type { KubernetesObject } from "#e2e/cluster/api.ts";

/** Keeps a Service until all that was made for it is gone. */
const finalizer = "gke.networking.io/l4-netlb-v2";

/** Part of a load balancer: where it is, and what it is made with. */
type Part = { collection: string; name: string; body: object };

/**
 * Does what GKE's controller does for Services of type LoadBalancer that ask for a network load balancer by a regional
 * backend service (`cloud.google.com/l4-rbs`): all of it on the reserved address that the Service names. When the Service
 * goes it goes too, but for the firewall of its health checks.
 */
export async function keepNetworkServices(world: World, services: KubernetesObject[]): Promise<void> {
  for (const service of services) {
    const { namespace, annotations = {} } = service.metadata as {
      namespace: string;
      annotations?: Record<string, string>;
    };
    const cluster = world.clusterOf(namespace);
    if (!cluster || service.spec.type !== "LoadBalancer") continue;
    if (annotations["cloud.google.com/l4-rbs"] !== "enabled") continue;
    if (service.metadata.deletionTimestamp) await remove(world, cluster, service);
    else await make(world, cluster, service);
  }
}

async function make(world: World, cluster: KnownCluster, service: KubernetesObject): Promise<void> {
  const path = pathOf(service);
  const finalizers = (service.metadata.finalizers ?? []) as string[];
  if (!finalizers.includes(finalizer)) {
    await patch(world, path, { metadata: { finalizers: [...finalizers, finalizer] } });
    return;
  }
  const ip = addressOf(world, cluster, service);
  if (ip === null) return;
  for (const part of partsOf(world, cluster, service, ip)) {
    const key = keyOf(cluster, part);
    if (isSettled(world, key)) continue;
    // The next ones name it.
    if (world.google.store.get(key)) return;
    await write(world, cluster.project, "POST", part.collection, part.body);
    if (!isSettled(world, key)) return;
  }
  const ingress = (service.status.loadBalancer?.ingress ?? []) as { ip?: string }[];
  if (ingress[0]?.ip === ip) return;
  await patch(world, `${path}/status`, { status: { loadBalancer: { ingress: [{ ip, ipMode: "VIP" }] } } });
}

async function remove(world: World, cluster: KnownCluster, service: KubernetesObject): Promise<void> {
  const finalizers = (service.metadata.finalizers ?? []) as string[];
  if (!finalizers.includes(finalizer)) return;
  // Its nodes may be elsewhere by now, or gone.
  const zones = zonesOf(cluster.region).map((zone) => zone.name);
  const parts = partsOf(world, { ...cluster, zones }, service, "").filter(
    ({ name }) => !name.endsWith("-fw"),
  );
  for (const part of parts.reverse()) {
    const key = keyOf(cluster, part);
    if (!world.google.store.get(key)) continue;
    if (!isSettled(world, key)) return;
    await write(world, cluster.project, "DELETE", `${part.collection}/${part.name}`);
    if (world.google.store.get(key)) return;
  }
  await patch(world, pathOf(service), {
    metadata: { finalizers: finalizers.filter((each) => each !== finalizer) },
  });
}

function pathOf({ metadata }: KubernetesObject): string {
  const { namespace, name } = metadata as { namespace: string; name: string };
  return `/api/v1/namespaces/${namespace}/services/${name}`;
}

const keyOf = ({ project }: KnownCluster, { collection, name }: Part) =>
  `compute/projects/${project}/${collection}/${name}`;

/** The reserved address that the Service names; null: there is none of that name. */
function addressOf(
  { google }: World,
  { project, region }: KnownCluster,
  { metadata }: KubernetesObject,
): string | null {
  const name = String(metadata.annotations["networking.gke.io/load-balancer-ip-addresses"] ?? "");
  const found = google.store.get(`compute/projects/${project}/regions/${region}/addresses/${name}`);
  return found && !found.fresh ? stringAt(found.body, "address") : null;
}

/** In the order in which they are made. */
function partsOf(world: World, cluster: KnownCluster, service: KubernetesObject, ip: string): Part[] {
  const { project, region, zones, network } = cluster;
  const { namespace, name: serviceName } = service.metadata as { namespace: string; name: string };
  const name =
    `k8s2-${hashOf(cluster.key)}-${namespace}-${serviceName}`.slice(0, 50) + `-${hashOf(namespace)}`;
  const description = JSON.stringify({
    "networking.gke.io/service-name": `${namespace}/${serviceName}`,
    "networking.gke.io/api-version": "ga",
  });
  const own = { name, description };
  const at = `projects/${project}/regions/${region}`;
  const ports = (service.spec.ports as { port: number }[]).map(({ port }) => String(port));
  const tcp = [{ IPProtocol: "tcp", ports }];
  const groups = zones.map((zone) => `zones/${zone}/networkEndpointGroups`);
  return [
    ...groups.map((collection) => ({
      collection,
      name,
      body: { ...own, networkEndpointType: "GCE_VM_IP", network },
    })),
    {
      collection: `regions/${region}/healthChecks`,
      name,
      body: {
        ...own,
        type: "HTTP",
        httpHealthCheck: { port: service.spec.healthCheckNodePort ?? 10256, requestPath: "/healthz" },
      },
    },
    {
      collection: `regions/${region}/backendServices`,
      name,
      body: {
        ...own,
        loadBalancingScheme: "EXTERNAL",
        protocol: "TCP",
        healthChecks: [`${at}/healthChecks/${name}`],
        backends: groups.map((group) => ({
          group: `projects/${project}/${group}/${name}`,
          balancingMode: "CONNECTION",
        })),
      },
    },
    {
      collection: `regions/${region}/forwardingRules`,
      name,
      body: {
        ...own,
        IPAddress: ip,
        IPProtocol: "TCP",
        ports,
        loadBalancingScheme: "EXTERNAL",
        backendService: `${at}/backendServices/${name}`,
      },
    },
    {
      collection: "global/firewalls",
      name,
      body: { ...own, network, allowed: tcp, sourceRanges: ["0.0.0.0/0"] },
    },
    {
      collection: "global/firewalls",
      name: `${name}-fw`,
      body: {
        ...own,
        name: `${name}-fw`,
        network,
        allowed: [{ IPProtocol: "tcp", ports: [String(service.spec.healthCheckNodePort ?? 10256)] }],
        sourceRanges: ["130.211.0.0/22", "35.191.0.0/16"],
      },
    },
  ];
}
