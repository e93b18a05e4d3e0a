import { createHash } from "node:crypto";
import { zonesAt } from "#e2e/cloud/google/catalog.ts";
import { selfLink } from "#e2e/cloud/google/compute/references.ts";
import {
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from "#e2e/cloud/google/json.ts";
import type { Model } from "#e2e/cloud/google/model.ts";

/** Machines that a pool consists of, and the managers of their groups, by key: they take quota. */
export type Nodes = { key: string; body: JsonObject; refs: string[] }[];

type Pool = {
  model: Model;
  project: string;
  /** Of its cluster; the pool's own zones win. */
  location: string;
  cluster: JsonObject;
  pool: JsonObject;
};

/** All that Google would make for a pool of this size; nothing is kept yet. */
export function nodesFor(given: Pool): Nodes {
  const { model, project, location, cluster, pool } = given;
  const zones = zonesOfPool(cluster, pool, location);
  const perZone = initialSize(pool, zones.length);
  const prefix = `gke-${stringAt(cluster, "name")}`.slice(0, 24);
  const base = `${prefix}-${stringAt(pool, "name")}`.slice(0, 40);
  const made = createHash("sha256").update(`${location}/${base}`).digest("hex").slice(0, 8);
  return zones.flatMap((zone) => {
    const place = `compute/projects/${project}/zones/${zone}`;
    const manager = `${place}/instanceGroupManagers/${base}-${made}-grp`;
    const instances = Array.from({ length: perZone }, (_, index) => {
      const name = `${base}-${made}-${createHash("sha256").update(`${zone}${index}`).digest("hex").slice(0, 4)}`;
      return instance(given, `${place}/instances/${name}`, zone);
    });
    const name = manager.split("/").at(-1)!;
    const body = {
      kind: "compute#instanceGroupManager",
      name,
      id: model.store.nextId(),
      baseInstanceName: `${base}-${made}`,
      targetSize: perZone,
      zone: selfLink(model, place),
      instanceGroup: selfLink(model, `${place}/instanceGroups/${name}`),
      selfLink: selfLink(model, manager),
      status: { isStable: true },
    };
    return [{ key: manager, body, refs: [] }, ...instances];
  });
}

/** Nodes in each zone at first: what was asked for, or the least that autoscaling allows. */
function initialSize(pool: JsonObject, zones: number): number {
  const scaling = objectAt(pool, "autoscaling");
  const asked = numberAt(pool, "initialNodeCount") ?? 0;
  if (scaling.enabled !== true) return asked;
  const least =
    numberAt(scaling, "minNodeCount") || Math.ceil((numberAt(scaling, "totalMinNodeCount") ?? 0) / zones);
  return Math.max(asked, least);
}

export function zonesOfPool(cluster: JsonObject, pool: JsonObject, location: string): string[] {
  const own = stringsAt(pool, "locations");
  const shared = stringsAt(cluster, "locations");
  if (own.length > 0) return own;
  return shared.length > 0 ? shared : zonesAt(location).map(({ name }) => name);
}

function instance({ model, project, cluster, pool }: Pool, key: string, zone: string) {
  const config = objectAt(pool, "config");
  const place = `compute/projects/${project}/zones/${zone}`;
  const networkConfig = objectAt(cluster, "networkConfig");
  const network = `compute/${stringAt(networkConfig, "network")}`;
  const subnetwork = `compute/${stringAt(networkConfig, "subnetwork")}`;
  const isPrivate = objectAt(cluster, "privateClusterConfig").enablePrivateNodes === true;
  const body: JsonObject = {
    kind: "compute#instance",
    name: key.split("/").at(-1)!,
    id: model.store.nextId(),
    status: "RUNNING",
    zone: selfLink(model, place),
    selfLink: selfLink(model, key),
    machineType: selfLink(model, `${place}/machineTypes/${stringAt(config, "machineType")}`),
    labels: {
      "goog-k8s-cluster-name": stringAt(cluster, "name"),
      "goog-k8s-node-pool-name": stringAt(pool, "name"),
    },
    guestAccelerators: objectsAt(config, "accelerators").map((each) => ({
      acceleratorType: selfLink(model, `${place}/acceleratorTypes/${stringAt(each, "acceleratorType")}`),
      acceleratorCount: numberAt(each, "acceleratorCount") ?? 0,
    })),
    disks: [
      {
        boot: true,
        diskSizeGb: String(numberAt(config, "diskSizeGb") ?? 100),
        type: "PERSISTENT",
        initializeParams: { diskType: stringAt(config, "diskType") },
      },
    ],
    networkInterfaces: [
      {
        network: selfLink(model, network),
        subnetwork: selfLink(model, subnetwork),
        ...(!isPrivate && { accessConfigs: [{ type: "ONE_TO_ONE_NAT", name: "external-nat" }] }),
      },
    ],
  };
  return { key, body, refs: [network, subnetwork] };
}

/** Starts a pool's machines. */
export function keepNodes(model: Model, nodes: Nodes): void {
  for (const { key, body, refs } of nodes) model.store.put(key, body, refs);
}

/** Stops a pool's machines, whatever has become of their number. */
export function dropNodes(model: Model, nodes: Pick<Nodes[number], "key">[]): void {
  for (const { key } of nodes) model.store.remove(key);
}

/** URLs of a pool's managers, as its answer lists them. */
export const managersOf = (nodes: Nodes): string[] =>
  nodes.filter(({ key }) => key.includes("/instanceGroupManagers/")).map(({ body }) => String(body.selfLink));
