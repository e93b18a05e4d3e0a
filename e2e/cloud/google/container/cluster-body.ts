import { zonesAt } from "#e2e/cloud/google/catalog.ts";
import { relativeOf, requireReady } from "#e2e/cloud/google/compute/references.ts";
import { containerLink } from "#e2e/cloud/google/container/operation.ts";
import { GoogleError, notModelled } from "#e2e/cloud/google/google-error.ts";
import {
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from "#e2e/cloud/google/json.ts";
import type { Call, Model } from "#e2e/cloud/google/model.ts";
import { fingerprintOf } from "#e2e/cloud/google/store.ts";

const bad = (message: string) => new GoogleError(400, "badRequest", message);

/** Pools that a cluster is made with: those that are given, or one of Google's name. */
export function firstPools(cluster: JsonObject): JsonObject[] {
  const given = objectsAt(cluster, "nodePools");
  const count = numberAt(cluster, "initialNodeCount") ?? 0;
  if (given.length > 0 && (count > 0 || cluster.nodeConfig !== undefined)) {
    throw bad("Cannot specify both node_pools and initial_node_count or node_config.");
  }
  if (given.length > 0) return given;
  if (objectAt(cluster, "autopilot").enabled === true) throw notModelled("Autopilot clusters");
  if (count < 1) throw bad("Cluster.initial_node_count must be greater than zero.");
  return [{ name: "default-pool", initialNodeCount: count, config: objectAt(cluster, "nodeConfig") }];
}

/** A new cluster with what Google fills in, and the keys of its networks. @throws GoogleError */
export function clusterBody(call: Call, key: string, given: JsonObject, location: string) {
  const { model, project } = call;
  const { network, subnetwork } = networkOf(call, given, location);
  const pool = stringAt(objectAt(given, "workloadIdentityConfig"), "workloadPool");
  if (pool !== "" && pool !== `${project}.svc.id.goog`) {
    throw bad(`Workload pool must be "${project}.svc.id.goog", not "${pool}".`);
  }
  const { initialNodeCount: _count, nodeConfig: _config, nodePools: _pools, ...rest } = given;
  const locations = stringsAt(given, "locations");
  const body: JsonObject = {
    loggingService: "logging.googleapis.com/kubernetes",
    monitoringService: "monitoring.googleapis.com/kubernetes",
    ...rest,
    id: fingerprintOf(`${key}${model.store.nextId()}`),
    network: network.split("/").at(-1)!,
    subnetwork: subnetwork.split("/").at(-1)!,
    networkConfig: {
      ...objectAt(given, "networkConfig"),
      network: relative(network),
      subnetwork: relative(subnetwork),
    },
    ipAllocationPolicy: allocated(model, given, subnetwork),
    locations: locations.length > 0 ? locations : zonesAt(location).map(({ name }) => name),
    location,
    zone: location,
    status: "PROVISIONING",
    selfLink: containerLink(model, key),
    createTime: model.clock.now().toISOString(),
    initialClusterVersion: version,
    currentMasterVersion: version,
    labelFingerprint: fingerprintOf(objectAt(given, "resourceLabels")),
    etag: fingerprintOf(given),
  };
  return { body, refs: [network, subnetwork] };
}

/** What the REGULAR channel would give. */
export const version = "1.36.3-gke.1000000";
const relative = (key: string) => key.slice("compute/".length);

function networkOf(call: Call, given: JsonObject, location: string): { network: string; subnetwork: string } {
  const { model, project } = call;
  const region = zonesAt(location)[0]!.region;
  const resolve = (text: string, collection: string, scope: string) => {
    const path = text.includes("/")
      ? relativeOf(model, project, text)
      : `projects/${project}/${scope}/${collection}/${text}`;
    if (path === null || !path.includes(`/${collection}/`))
      throw bad(`"${text}" names none of ${collection}.`);
    requireReady(model, `compute/${path}`);
    return `compute/${path}`;
  };
  const network = resolve(stringAt(given, "network") || "default", "networks", "global");
  const subnetwork = resolve(
    stringAt(given, "subnetwork") || (network.split("/").at(-1) ?? ""),
    "subnetworks",
    `regions/${region}`,
  );
  if (!model.store.get(subnetwork)!.refs.includes(network)) {
    throw bad(`Subnetwork "${relative(subnetwork)}" isn't in network "${relative(network)}".`);
  }
  if (!subnetwork.includes(`/regions/${region}/`))
    throw bad(`Subnetwork "${relative(subnetwork)}" isn't in region "${region}".`);
  return { network, subnetwork };
}

/** Ranges of pods and services by their names in the subnetwork. @throws GoogleError 400 */
function allocated(model: Model, given: JsonObject, subnetwork: string): JsonObject {
  const policy = objectAt(given, "ipAllocationPolicy");
  const ranges = objectsAt(model.store.get(subnetwork)!.body, "secondaryIpRanges");
  const filled: JsonObject = { ...policy };
  for (const kind of ["cluster", "services"]) {
    const name = stringAt(policy, `${kind}SecondaryRangeName`);
    if (name === "") continue;
    const range = ranges.find((each) => each.rangeName === name);
    if (!range) {
      throw bad(
        `Services/pods secondary range "${name}" does not exist in subnetwork "${relative(subnetwork)}".`,
      );
    }
    filled[`${kind}Ipv4CidrBlock`] = range.ipCidrRange;
    filled[`${kind}Ipv4Cidr`] = range.ipCidrRange;
  }
  return filled;
}
