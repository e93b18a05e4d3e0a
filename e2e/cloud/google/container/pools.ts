import { checkPool, isLate, nodeDefaults, quotaRefusal } from "#e2e/cloud/google/container/check-pool.ts";
import { clusterNotFound, containerKey, idleCluster, refOf } from "#e2e/cloud/google/container/find.ts";
import { dropNodes, keepNodes, managersOf, nodesFor } from "#e2e/cloud/google/container/nodes.ts";
import { containerLink, startOperation } from "#e2e/cloud/google/container/operation.ts";
import { withPodRange } from "#e2e/cloud/google/container/pod-range.ts";
import { GoogleError } from "#e2e/cloud/google/google-error.ts";
import { numberAt, objectAt, stringAt, withoutNulls, type JsonObject } from "#e2e/cloud/google/json.ts";
import type { Call, Handlers, Model } from "#e2e/cloud/google/model.ts";
import { quotaError } from "#e2e/cloud/google/quotas.ts";
import type { Stored } from "#e2e/cloud/google/store.ts";

export const poolsOf = (model: Model, cluster: string): Stored[] => model.store.list(`${cluster}/nodePools`);

export const showPool = (model: Model, { key, body }: Stored): JsonObject => ({
  ...body,
  selfLink: containerLink(model, key),
});

/** A pool with what Google fills in. */
export function poolBody(given: JsonObject): JsonObject {
  const config = { ...nodeDefaults, ...objectAt(given, "config") };
  return { initialNodeCount: 0, version: "1.36.3-gke.1000000", ...given, config };
}

const clusterOf = (poolKey: string): string => poolKey.split("/").slice(0, 7).join("/");

function poolAt(call: Call, key: string): Stored {
  const cluster = clusterOf(key);
  if (!call.model.store.get(cluster)) throw clusterNotFound(cluster);
  const found = call.model.store.get(key);
  if (!found) throw clusterNotFound(key);
  return found;
}

async function create(call: Call): Promise<JsonObject> {
  const { model, project } = call;
  const cluster = idleCluster(model, containerKey(call, "parent"));
  if (cluster.body.status !== "RUNNING") {
    const message = `Cluster isn't running: it is ${String(cluster.body.status)}.`;
    throw new GoogleError(400, "failedPrecondition", message, { status: "FAILED_PRECONDITION" });
  }
  const pool = withPodRange(model, cluster.body, poolBody(withoutNulls(objectAt(call.body, "nodePool"))));
  const name = stringAt(pool, "name");
  const key = `${cluster.key}/nodePools/${name}`;
  if (model.store.get(key)) {
    throw new GoogleError(409, "alreadyExists", `Already exists: ${key.slice("container/".length)}.`);
  }
  const { location } = refOf(cluster.key);
  checkPool(call, location, cluster.body, pool);
  const nodes = nodesFor({ model, project, location, cluster: cluster.body, pool });
  const exceeded = model.quotas.exceeded(project, nodes);
  if (exceeded && !isLate(exceeded)) throw quotaRefusal(project, exceeded);
  const stored = model.store.put(key, {
    ...pool,
    status: "PROVISIONING",
    instanceGroupUrls: managersOf(nodes),
  });
  keepNodes(model, nodes);
  const fault = model.faults.poolMessage(name);
  const error = fault ? { code: "UNKNOWN", message: fault, httpCode: 500 } : exceeded && quotaError(exceeded);
  return startOperation(call, {
    type: "CREATE_NODE_POOL",
    cluster,
    target: key,
    error,
    apply() {
      stored.body = { ...stored.body, status: "RUNNING" };
    },
    revert() {
      // A pool that failed stays, to be deleted.
      dropNodes(model, nodes);
      stored.body = {
        ...stored.body,
        status: "ERROR",
        statusMessage: (call.operationError ?? error)?.message ?? "",
      };
    },
  });
}

async function remove(call: Call): Promise<JsonObject> {
  const { model } = call;
  const stored = poolAt(call, containerKey(call, "name"));
  const cluster = idleCluster(model, clusterOf(stored.key));
  const { project, location } = refOf(cluster.key);
  const before = stored.body;
  stored.body = { ...before, status: "STOPPING" };
  return startOperation(call, {
    type: "DELETE_NODE_POOL",
    cluster,
    target: stored.key,
    apply() {
      dropNodes(model, nodesFor({ model, project, location, cluster: cluster.body, pool: before }));
      model.store.remove(stored.key);
    },
    revert: () => (stored.body = { ...before, status: "ERROR" }),
  });
}

/** Changes a pool; its machines are made anew where they would differ. */
async function change(call: Call, type: string, next: (body: JsonObject) => JsonObject): Promise<JsonObject> {
  const { model, project } = call;
  const stored = poolAt(call, containerKey(call, "name"));
  const cluster = idleCluster(model, clusterOf(stored.key));
  const { location } = refOf(cluster.key);
  const shape = { model, project, location, cluster: cluster.body };
  const wanted = next(stored.body);
  checkPool(call, location, cluster.body, wanted);
  const apply = () => {
    dropNodes(model, nodesFor({ ...shape, pool: stored.body }));
    const nodes = nodesFor({ ...shape, pool: wanted });
    keepNodes(model, nodes);
    model.store.change(
      stored,
      { ...wanted, status: "RUNNING", instanceGroupUrls: managersOf(nodes) },
      model.clock.now(),
    );
  };
  return startOperation(call, { type, cluster, target: stored.key, apply });
}

/** Fields of an update that aren't a part of the node's configuration. */
const ofPool = ["locations", "upgradeSettings", "nodeDrainConfig", "queuedProvisioning"];
/** Fields that only say what is meant. */
const addresses = ["name", "projectId", "zone", "clusterId", "nodePoolId", "etag"];
/** Wrapped in the request, plain in the node's configuration. */
const wrapped: Record<string, string> = {
  labels: "labels",
  taints: "taints",
  tags: "tags",
  resourceLabels: "labels",
};

function update(call: Call): Promise<JsonObject> {
  const given = Object.entries(withoutNulls(call.body)).filter(([field]) => !addresses.includes(field));
  return change(call, "UPGRADE_NODES", (body) => {
    const config = { ...objectAt(body, "config") };
    const pool = { ...body };
    for (const [field, value] of given) {
      if (field === "nodeVersion") pool.version = value;
      else if (field === "nodeNetworkConfig")
        pool.networkConfig = { ...objectAt(pool, "networkConfig"), ...objectAt({ value }, "value") };
      else if (ofPool.includes(field)) pool[field] = value;
      else config[field] = field in wrapped ? objectValue(value, wrapped[field]!) : value;
    }
    return { ...pool, config };
  });
}

const objectValue = (value: JsonObject[string], field: string) => objectAt({ value }, "value")[field];

function setSize(call: Call): Promise<JsonObject> {
  return change(call, "SET_NODE_POOL_SIZE", (body) => ({
    ...body,
    initialNodeCount: numberAt(call.body, "nodeCount") ?? 0,
  }));
}

const set = (field: string, type: string) => (call: Call) =>
  change(call, type, (body) => ({ ...body, [field]: objectAt(call.body, field) }));

function list(call: Call): JsonObject {
  const key = containerKey(call, "parent");
  if (!call.model.store.get(key)) throw clusterNotFound(key);
  const pools = poolsOf(call.model, key).map((pool) => showPool(call.model, pool));
  return pools.length > 0 ? { nodePools: pools } : {};
}

const resource = "container.projects.locations.clusters.nodePools";
export const poolHandlers: Handlers = {
  [`${resource}.create`]: create,
  [`${resource}.delete`]: remove,
  [`${resource}.get`]: (call) => showPool(call.model, poolAt(call, containerKey(call, "name"))),
  [`${resource}.list`]: list,
  [`${resource}.update`]: update,
  [`${resource}.setSize`]: setSize,
  [`${resource}.setAutoscaling`]: set("autoscaling", "SET_NODE_POOL_SIZE"),
  [`${resource}.setManagement`]: set("management", "SET_NODE_POOL_MANAGEMENT"),
};
