import { clusterBody, firstPools, version } from "#e2e/cloud/google/container/cluster-body.ts";
import { checkPool, isLate, quotaRefusal, requireLocation } from "#e2e/cloud/google/container/check-pool.ts";
import { clusterNotFound, containerKey, idleCluster, refOf } from "#e2e/cloud/google/container/find.ts";
import { dropNodes, keepNodes, managersOf, nodesFor } from "#e2e/cloud/google/container/nodes.ts";
import { startOperation } from "#e2e/cloud/google/container/operation.ts";
import { withPodRange } from "#e2e/cloud/google/container/pod-range.ts";
import { poolBody, poolsOf, showPool } from "#e2e/cloud/google/container/pools.ts";
import { setClusterLabels, updateCluster } from "#e2e/cloud/google/container/update-cluster.ts";
import { GoogleError } from "#e2e/cloud/google/google-error.ts";
import { numberAt, objectAt, stringAt, withoutNulls, type JsonObject } from "#e2e/cloud/google/json.ts";
import { param, type Call, type Handlers, type Model } from "#e2e/cloud/google/model.ts";
import type { OperationError } from "#e2e/cloud/google/operations.ts";
import { quotaError } from "#e2e/cloud/google/quotas.ts";
import type { Stored } from "#e2e/cloud/google/store.ts";

const bad = (message: string) => new GoogleError(400, "badRequest", message);

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
  const pools = firstPools(given).map((pool) => withPodRange(model, body, poolBody(pool)));
  for (const pool of pools) checkPool(call, location, body, pool);
  const made = pools.map((pool) => ({
    pool,
    nodes: nodesFor({ model, project, location, cluster: body, pool }),
  }));
  const nodes = made.flatMap((each) => each.nodes);
  const exceeded = model.quotas.exceeded(project, nodes);
  if (exceeded && !isLate(exceeded)) throw quotaRefusal(project, exceeded);
  const stored = model.store.put(key, body, refs);
  for (const { pool, nodes: own } of made) {
    const kept = { ...pool, status: "PROVISIONING", instanceGroupUrls: managersOf(own) };
    model.store.put(`${key}/nodePools/${stringAt(pool, "name")}`, kept);
  }
  keepNodes(model, nodes);
  const plane = model.surroundings.openCluster(refOf(key));
  // Who waits for the operation hears of a failure.
  plane.catch(() => {});
  const failure = firstFailure(model, pools) ?? (exceeded ? quotaError(exceeded) : null);
  return startOperation(call, {
    type: "CREATE_CLUSTER",
    cluster: stored,
    target: key,
    error: failure,
    apply: async () => setRunning(model, stored, await plane),
    revert: () => setFailed(model, stored, call.operationError ?? failure),
  });
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
  [`${resource}.update`]: updateCluster,
  [`${resource}.setResourceLabels`]: setClusterLabels,
  "container.projects.locations.getServerConfig": getServerConfig,
};
