import { checkPool, isLate, quotaRefusal, requireLocation } from "#e2e/cloud/google/container/check-pool.ts";
import { zonesAt } from "#e2e/cloud/google/catalog.ts";
import { relativeOf, requireReady } from "#e2e/cloud/google/compute/references.ts";
import { dropNodes, keepNodes, managersOf, nodesFor } from "#e2e/cloud/google/container/nodes.ts";
import { containerLink, startOperation } from "#e2e/cloud/google/container/operation.ts";
import { poolBody, poolsOf, showPool } from "#e2e/cloud/google/container/pools.ts";
import { GoogleError, notModelled } from "#e2e/cloud/google/google-error.ts";
import {
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  withoutNulls,
  type JsonObject,
} from "#e2e/cloud/google/json.ts";
import { param, type Call, type ClusterRef, type Handlers, type Model } from "#e2e/cloud/google/model.ts";
import type { OperationError } from "#e2e/cloud/google/operations.ts";
import { quotaError } from "#e2e/cloud/google/quotas.ts";
import { fingerprintOf, type Stored } from "#e2e/cloud/google/store.ts";

const bad = (message: string) => new GoogleError(400, "badRequest", message);

/** The key of what `projects/p/locations/l/…` names, whether by the project's id or its number. */
export function containerKey(call: Call, parameter: string): string {
  const [, , ...rest] = param(call, parameter).split("/");
  return `container/projects/${[call.project, ...rest].join("/")}`;
}

export const refOf = (key: string): ClusterRef => {
  const [, , project = "", , location = "", , name = ""] = key.split("/");
  return { project, location, name };
};

/** A cluster that nothing is being done to. @throws GoogleError 404; 400 while another operation runs */
export function idleCluster(model: Model, key: string): Stored {
  const stored = model.store.get(key);
  if (!stored) throw clusterNotFound(key);
  if (stored.busy) {
    throw new GoogleError(
      400,
      "failedPrecondition",
      `Cluster is running incompatible operation ${stored.busy}.`,
      {
        status: "FAILED_PRECONDITION",
      },
    );
  }
  return stored;
}

export const clusterNotFound = (key: string) =>
  new GoogleError(404, "notFound", `Not found: ${key.slice("container/".length)}.`);

async function create(call: Call): Promise<JsonObject> {
  const { model, project } = call;
  const given = withoutNulls(objectAt(call.body, "cluster"));
  const name = stringAt(given, "name");
  const parent = containerKey(call, "parent");
  const location = parent.split("/").at(-1) ?? "";
  requireLocation(location);
  if (!/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name)) {
    throw bad(
      `Invalid value for field "cluster.name": "${name}". It must be 1-40 characters: lowercase letters, numbers and hyphens, starting with a letter and not ending with a hyphen.`,
    );
  }
  const key = `${parent}/clusters/${name}`;
  if (model.store.get(key)) {
    throw new GoogleError(409, "alreadyExists", `Already exists: ${key.slice("container/".length)}.`);
  }
  const { body, refs } = clusterBody(call, key, given, location);
  const pools = firstPools(given).map((pool) => poolBody(pool));
  for (const pool of pools) checkPool(model, project, location, body, pool);
  const nodes = pools.flatMap((pool) => nodesFor({ model, project, location, cluster: body, pool }));
  const exceeded = model.quotas.exceeded(project, nodes);
  if (exceeded && !isLate(exceeded)) throw quotaRefusal(project, exceeded);
  const plane = await model.surroundings.openCluster(refOf(key));
  const stored = model.store.put(key, body, refs);
  for (const pool of pools) {
    const own = nodesFor({ model, project, location, cluster: body, pool });
    const kept = { ...pool, status: "PROVISIONING", instanceGroupUrls: managersOf(own) };
    model.store.put(`${key}/nodePools/${stringAt(pool, "name")}`, kept);
  }
  keepNodes(model, nodes);
  const failure = firstFailure(model, pools) ?? (exceeded ? quotaError(exceeded) : null);
  return startOperation(call, {
    type: "CREATE_CLUSTER",
    cluster: stored,
    target: key,
    error: failure,
    apply: () => setRunning(model, stored, plane),
    revert: () => setFailed(model, stored, call.operationError ?? failure),
  });
}

/** Pools that a cluster is made with: those that are given, or one of Google's name. */
function firstPools(cluster: JsonObject): JsonObject[] {
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

function clusterBody(call: Call, key: string, given: JsonObject, location: string) {
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
const version = "1.36.3-gke.1000000";
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

function firstFailure(model: Model, pools: JsonObject[]): OperationError | null {
  const message = pools
    .map((pool) => model.faults.poolMessage(stringAt(pool, "name")))
    .find((each) => each !== null);
  return message ? { code: "UNKNOWN", message, httpCode: 500 } : null;
}

function setRunning(model: Model, stored: Stored, plane: { endpoint: string; caCertificate: string }): void {
  const { endpoint, caCertificate } = plane;
  const masterAuth = { clusterCaCertificate: Buffer.from(caCertificate).toString("base64") };
  const cidr = objectAt(stored.body, "ipAllocationPolicy");
  const ranges = { clusterIpv4Cidr: cidr.clusterIpv4CidrBlock, servicesIpv4Cidr: cidr.servicesIpv4CidrBlock };
  stored.body = { ...stored.body, ...ranges, status: "RUNNING", endpoint, masterAuth };
  for (const pool of poolsOf(model, stored.key)) pool.body = { ...pool.body, status: "RUNNING" };
}

/** A cluster whose creation failed stays, to be deleted. */
function setFailed(model: Model, stored: Stored, error: OperationError | null): void {
  const statusMessage = error?.message ?? "";
  stored.body = { ...stored.body, status: "ERROR", statusMessage };
  for (const pool of poolsOf(model, stored.key)) {
    const { project, location } = refOf(stored.key);
    dropNodes(model, nodesFor({ model, project, location, cluster: stored.body, pool: pool.body }));
    pool.body = { ...pool.body, status: "ERROR", statusMessage };
  }
}

async function remove(call: Call): Promise<JsonObject> {
  const { model } = call;
  const stored = idleCluster(model, containerKey(call, "name"));
  const { key } = stored;
  const before = stored.body;
  stored.body = { ...before, status: "STOPPING" };
  return startOperation(call, {
    type: "DELETE_CLUSTER",
    cluster: stored,
    target: key,
    async apply() {
      const { project, location } = refOf(key);
      for (const pool of poolsOf(model, key)) {
        dropNodes(model, nodesFor({ model, project, location, cluster: stored.body, pool: pool.body }));
        model.store.remove(pool.key);
      }
      model.store.remove(key);
      await model.surroundings.closeCluster(refOf(key));
    },
    revert: () => (stored.body = { ...before, status: "ERROR" }),
  });
}

/** A cluster as it is answered, its pools within. */
export function showCluster(model: Model, stored: Stored): JsonObject {
  const pools = poolsOf(model, stored.key).map((pool) => showPool(model, pool));
  const nodes = poolsOf(model, stored.key).reduce(
    (sum, pool) => sum + (numberAt(pool.body, "initialNodeCount") ?? 0),
    0,
  );
  return { ...stored.body, nodePools: pools, ...(nodes > 0 && { currentNodeCount: nodes }) };
}

/** Fields of an update that set a field of the cluster. Google takes one of them at a time. */
const desired: Record<string, string> = {
  desiredLoggingService: "loggingService",
  desiredMonitoringService: "monitoringService",
  desiredLoggingConfig: "loggingConfig",
  desiredMonitoringConfig: "monitoringConfig",
  desiredReleaseChannel: "releaseChannel",
  desiredWorkloadIdentityConfig: "workloadIdentityConfig",
  desiredShieldedNodes: "shieldedNodes",
  desiredMasterAuthorizedNetworksConfig: "masterAuthorizedNetworksConfig",
  desiredControlPlaneEndpointsConfig: "controlPlaneEndpointsConfig",
  desiredVerticalPodAutoscaling: "verticalPodAutoscaling",
  desiredBinaryAuthorization: "binaryAuthorization",
  desiredNotificationConfig: "notificationConfig",
  desiredAddonsConfig: "addonsConfig",
  desiredLocations: "locations",
};

async function update(call: Call): Promise<JsonObject> {
  const { model } = call;
  const stored = idleCluster(model, containerKey(call, "name"));
  const change = withoutNulls(objectAt(call.body, "update"));
  const names = Object.keys(change);
  const unknown = names.find((name) => !(name in desired));
  if (unknown) throw notModelled(`the field ${unknown} of ${call.method.id}`);
  if (names.length !== 1) throw bad("Must specify exactly one field to update.");
  const next = Object.fromEntries(names.map((name) => [desired[name]!, change[name]]));
  const apply = () => model.store.change(stored, { ...stored.body, ...next }, model.clock.now());
  return startOperation(call, { type: "UPDATE_CLUSTER", cluster: stored, target: stored.key, apply });
}

async function setLabels(call: Call): Promise<JsonObject> {
  const { model } = call;
  const stored = idleCluster(model, containerKey(call, "name"));
  if (call.body.labelFingerprint !== stored.body.labelFingerprint) {
    throw new GoogleError(412, "conditionNotMet", "Labels could not be set due to fingerprint mismatch.");
  }
  const resourceLabels = withoutNulls(objectAt(call.body, "resourceLabels"));
  const labelFingerprint = fingerprintOf(resourceLabels);
  const apply = () =>
    model.store.change(stored, { ...stored.body, resourceLabels, labelFingerprint }, model.clock.now());
  return startOperation(call, { type: "UPDATE_CLUSTER", cluster: stored, target: stored.key, apply });
}

function get(call: Call): JsonObject {
  const key = containerKey(call, "name");
  const stored = call.model.store.get(key);
  if (!stored) throw clusterNotFound(key);
  return showCluster(call.model, stored);
}

/** A location `-` is all of them. */
function list(call: Call): JsonObject {
  const location = param(call, "parent").split("/").at(-1);
  const all = call.model.store.all().filter(({ key }) => {
    const found = /^container\/projects\/([^/]+)\/locations\/([^/]+)\/clusters\/[^/]+$/.exec(key);
    return found?.[1] === call.project && (location === "-" || found[2] === location);
  });
  return all.length > 0 ? { clusters: all.map((stored) => showCluster(call.model, stored)) } : {};
}

function getServerConfig(call: Call): JsonObject {
  requireLocation(param(call, "name").split("/").at(-1) ?? "");
  const channels = ["RAPID", "REGULAR", "STABLE"].map((channel) => ({
    channel,
    defaultVersion: version,
    validVersions: [version],
  }));
  return {
    defaultClusterVersion: version,
    validMasterVersions: [version],
    validNodeVersions: [version],
    channels,
  };
}

const resource = "container.projects.locations.clusters";
export const clusterHandlers: Handlers = {
  [`${resource}.create`]: create,
  [`${resource}.delete`]: remove,
  [`${resource}.get`]: get,
  [`${resource}.list`]: list,
  [`${resource}.update`]: update,
  [`${resource}.setResourceLabels`]: setLabels,
  "container.projects.locations.getServerConfig": getServerConfig,
};
