import { zonesOf } from "#e2e/cloud/google/catalog.ts";
import { objectsAt, stringAt } from "#e2e/cloud/google/json.ts";
import { patch, write, type KnownCluster, type World } from "#e2e/cloud/controller/world.ts";
import type { KubernetesObject } from "#e2e/cluster/api.ts";

/** A group of pods' addresses as it should be. */
type Wanted = {
  cluster: KnownCluster;
  zone: string;
  name: string;
  /** what GKE writes on it, by which it is known as this Service's */
  description: string;
  /** `ADDRESS:PORT` */
  endpoints: string[];
};

type Named = { namespace: string; name: string };

/**
 * Does what GKE's controller does for Services that ask for groups of their pods' addresses (standalone NEGs): one in
 * each zone that the cluster has nodes in, once a pod matches, kept current late, and removed late when nobody uses it
 * any more.
 */
export async function keepGroups(
  world: World,
  services: KubernetesObject[],
  slices: KubernetesObject[],
): Promise<void> {
  const wanted = new Map<string, Wanted>();
  for (const service of services) {
    const mine = groupsOf(world, service, slices);
    for (const one of mine) wanted.set(keyOf(one), one);
    await tellService(world, service, mine);
  }
  for (const [key, one] of wanted) await keep(world, key, one);
  for (const cluster of world.clusters()) await collect(world, cluster, wanted);
}

const keyOf = ({ cluster: { project }, zone, name }: Wanted) =>
  `compute/projects/${project}/zones/${zone}/networkEndpointGroups/${name}`;

function groupsOf(world: World, service: KubernetesObject, slices: KubernetesObject[]): Wanted[] {
  const {
    namespace,
    name,
    annotations = {},
  } = service.metadata as Named & {
    annotations?: Record<string, string>;
  };
  const asked = annotations["cloud.google.com/neg"];
  const cluster = world.clusterOf(namespace);
  if (!asked || !cluster) return [];
  const { exposed_ports: exposed = {} } = JSON.parse(asked) as {
    exposed_ports?: Record<string, { name?: string }>;
  };
  return Object.entries(exposed).flatMap(([port, { name: group = "" }]) => {
    const all = addressesOf(service, Number(port), slices);
    if (all === null || group === "") return [];
    const description = JSON.stringify({
      "cluster-uid": cluster.key,
      namespace,
      "service-name": name,
      port,
    });
    return cluster.zones.map((zone, index) => ({
      cluster,
      zone,
      name: group,
      description,
      endpoints: all.filter((address) => zoneOf(address, cluster.zones) === index).sort(),
    }));
  });
}

/** There is one real node, so its pods are spread over the zones by their addresses. */
const zoneOf = (address: string, zones: string[]) =>
  Number(address.split(":")[0]!.split(".").at(-1)) % zones.length;

/** Addresses of the ready pods behind a Service's port; null: no pod matches yet. */
function addressesOf(
  { metadata, spec }: KubernetesObject,
  port: number,
  slices: KubernetesObject[],
): string[] | null {
  const { namespace, name } = metadata as Named;
  const own = slices.filter(
    (slice) =>
      slice.metadata.namespace === namespace && slice.metadata.labels["kubernetes.io/service-name"] === name,
  );
  const ports = spec.ports as { name?: string; port: number }[];
  const portName = ports.find((one) => one.port === port)?.name ?? "";
  const found = own.flatMap(({ endpoints, ports: known }) => {
    const target = (known as { name?: string; port: number }[] | null)?.find(
      (one) => (one.name ?? "") === portName,
    );
    return ((endpoints ?? []) as { addresses: string[]; conditions: { ready?: boolean } }[]).map((one) => ({
      address: `${one.addresses[0]}:${target?.port}`,
      isReady: one.conditions.ready === true && target !== undefined,
    }));
  });
  if (found.length === 0) return null;
  return found.filter(({ isReady }) => isReady).map(({ address }) => address);
}

async function keep(world: World, key: string, one: Wanted): Promise<void> {
  const { cluster, zone, name, description, endpoints } = one;
  const { project, network, subnetwork } = cluster;
  const path = `zones/${zone}/networkEndpointGroups`;
  const found = world.google.store.get(key);
  if (!found) {
    const body = { name, networkEndpointType: "GCE_VM_IP_PORT", network, subnetwork, description };
    await write(world, project, "POST", path, body);
    return;
  }
  // Somebody else's of this name: GKE says so in an event, and waits.
  if (found.body.description !== description || found.fresh || found.busy) return;
  const now = objectsAt(found.body, "x-endpoints").map(({ ipAddress, port }) => `${ipAddress}:${port}`);
  const coming = endpoints.filter((each) => !now.includes(each));
  const going = now.filter((each) => !endpoints.includes(each));
  const isDue = world.isDue(key, JSON.stringify([coming, going]), world.lateness.endpointsMs);
  if (!isDue) return;
  if (coming.length > 0)
    await write(world, project, "POST", `${path}/${name}/attachNetworkEndpoints`, bodyOf(coming));
  if (going.length > 0)
    await write(world, project, "POST", `${path}/${name}/detachNetworkEndpoints`, bodyOf(going));
}

function bodyOf(endpoints: string[]): object {
  const networkEndpoints = endpoints.map((each) => {
    const [ipAddress, port] = each.split(":");
    return { ipAddress, port: Number(port) };
  });
  return { networkEndpoints };
}

/** Removes the groups that this cluster's controller made, for which there is no Service and no backend service. */
async function collect(world: World, cluster: KnownCluster, wanted: Map<string, Wanted>): Promise<void> {
  const { store } = world.google;
  for (const { name: zone } of zonesOf(cluster.region)) {
    const place = `zones/${zone}/networkEndpointGroups`;
    for (const { key, body, busy } of store.list(`compute/projects/${cluster.project}/${place}`)) {
      const isMine = stringAt(body, "description").includes(`"cluster-uid":"${cluster.key}"`);
      if (!isMine || busy) continue;
      const isLeft = !wanted.has(key) && store.userOf(key) === undefined;
      if (world.isDue(`left ${key}`, String(isLeft), world.lateness.collectMs) && isLeft)
        await write(world, cluster.project, "DELETE", `${place}/${stringAt(body, "name")}`);
    }
  }
}

/** GKE writes on the Service what it has made for it. */
async function tellService(world: World, service: KubernetesObject, mine: Wanted[]): Promise<void> {
  const made = mine.filter((one) => world.google.store.get(keyOf(one)));
  if (made.length === 0 || made.length < mine.length) return;
  const { namespace, name, annotations } = service.metadata as Named & {
    annotations: Record<string, string>;
  };
  const groups = Object.fromEntries(
    mine.map((one) => [(JSON.parse(one.description) as { port: string }).port, one.name]),
  );
  const status = JSON.stringify({ network_endpoint_groups: groups, zones: made[0]!.cluster.zones });
  const key = "cloud.google.com/neg-status";
  if (annotations[key] === status) return;
  await patch(world, `/api/v1/namespaces/${namespace}/services/${name}`, {
    metadata: { annotations: { [key]: status } },
  });
}
