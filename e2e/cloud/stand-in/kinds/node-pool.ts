import { find, type Cloud } from "#e2e/cloud/stand-in/cloud.ts";
import { OperationFailed } from "#e2e/cloud/stand-in/compute-operation.ts";
import { changeContainer, locationOf, waitForOperation } from "#e2e/cloud/stand-in/container-operation.ts";
import { bodyOf, everywhere, type FieldTable } from "#e2e/cloud/stand-in/fields.ts";
import { Unfinished, type Kind, type Run } from "#e2e/cloud/stand-in/kind.ts";
import {
  immovableOfNodes,
  nodeConfigUpdates,
  readNodeConfig,
  writeNodeConfig,
} from "#e2e/cloud/stand-in/kinds/node-config.ts";
import { projectOf } from "#e2e/cloud/stand-in/places.ts";
import type { Fields } from "#e2e/stand-in/protocol.ts";

const bounds = { maxNodeCount: 0, minNodeCount: 0, totalMaxNodeCount: 0, totalMinNodeCount: 0 };

const fields: FieldTable = {
  name: {},
  cluster: { local: true },
  location: { local: true },
  nodeLocations: { at: "locations", computed: true },
  initialNodeCount: { computed: true },
  nodeCount: { local: true },
  autoscaling: {
    write: (value) => ({ enabled: true, ...bounds, ...(value as Fields) }),
    read: (value) => ((value as Fields).enabled === true ? value : undefined),
  },
  management: { computed: true },
  nodeConfig: { at: "config", write: writeNodeConfig, read: readNodeConfig, computed: true },
  upgradeSettings: { computed: true },
  version: { computed: true },
  ...everywhere,
};

/** Settings of a pool with a method of their own, or as a part of its update. */
const settings: Record<string, (value: unknown) => { method: string; suffix: string; body: Fields }> = {
  management: (management) => ({ method: "POST", suffix: ":setManagement", body: { management } }),
  nodeLocations: (locations) => ({ method: "PUT", suffix: "", body: { locations } }),
  upgradeSettings: (upgradeSettings) => ({ method: "PUT", suffix: "", body: { upgradeSettings } }),
  version: (nodeVersion) => ({ method: "PUT", suffix: "", body: { nodeVersion } }),
};

export const nodePool: Kind = {
  fields,
  immovable: ["name", "project", "cluster", "location", "initialNodeCount", ...immovableOfNodes],
  patience: { create: 1800, update: 1800, delete: 1800 },
  idOf: (cloud, inputs) => `${clusterOf(cloud, inputs)}/nodePools/${String(inputs.name)}`,
  idFrom(cloud, text) {
    const [name = "", cluster = "", location = "", project = projectOf(cloud, {})] = text
      .split("/")
      .reverse();
    return text.startsWith("projects/")
      ? text
      : `projects/${project}/locations/${location}/clusters/${cluster}/nodePools/${name}`;
  },
  fromId(id) {
    const [, project, , location, , cluster, , name] = id.split("/");
    return { project, location, cluster, name };
  },
  async create(run, inputs, id) {
    const { cloud, signal } = run;
    const { container } = cloud.endpoints;
    const parent = id.split("/").slice(0, 6).join("/");
    await find(cloud, container + parent, signal);
    if (await find(cloud, container + id, signal)) throw new Error(`resource - ${id} - already exists`);
    const body = { nodePool: { networkConfig: {}, ...bodyOf(fields, inputs) } };
    const started = await cloud
      .request("POST", `${container}${parent}/nodePools`, body, signal)
      .catch((error: unknown) => {
        throw new Error(`error creating NodePool: ${(error as Error).message}`, { cause: error });
      });
    if (!(await isMade(run, id, started))) return { ...body.nodePool, pending: started.name };
    return checked(run, id);
  },
  async read(run, id, { operation }) {
    if (typeof operation === "string" && operation !== "") {
      await waitForOperation(run, locationOf(id), { name: operation }, "resuming GKE node pool");
    }
    return find(run.cloud, run.cloud.endpoints.container + id, run.signal);
  },
  async update(run, id, { inputs, before, changed }) {
    const location = locationOf(id);
    const activity = "updating GKE node pool";
    for (const name of changed) {
      if (name === "autoscaling") await setAutoscaling(run, id, inputs);
      else if (name === "nodeConfig") {
        for (const body of nodeConfigUpdates(before.nodeConfig, inputs.nodeConfig)) {
          await changeContainer(run, location, { method: "PUT", path: id, body }, activity);
        }
      } else if (settings[name]) {
        const { method, suffix, body } = settings[name](inputs[name]);
        await changeContainer(run, location, { method, path: id + suffix, body }, activity);
      } else if (!fields[name]?.local) throw new Error(`this stand-in can't change ${name} of a node pool`);
    }
    const live = await find(run.cloud, run.cloud.endpoints.container + id, run.signal);
    if (!live) throw new Error(`node pool ${id} was there and is gone`);
    return live;
  },
  async remove(run, id) {
    const live = await find(run.cloud, run.cloud.endpoints.container + id, run.signal);
    if (!live) return;
    await changeContainer(run, locationOf(id), { method: "DELETE", path: id }, "deleting GKE NodePool");
  },
  outputs: (live) => ({
    instanceGroupUrls: live.instanceGroupUrls ?? [],
    managedInstanceGroupUrls: live.instanceGroupUrls ?? [],
    operation: live.pending ?? "",
  }),
};

/** Whole, or by its name beside a location. */
function clusterOf(cloud: Cloud, inputs: Fields): string {
  const cluster = String(inputs.cluster);
  if (cluster.startsWith("projects/")) return cluster;
  const location = inputs.location ?? cloud.zone ?? cloud.region;
  if (typeof location !== "string") throw new Error("location: required field is not set");
  return `projects/${projectOf(cloud, inputs)}/locations/${location}/clusters/${cluster}`;
}

/**
 * A pool that failed is there all the same, and so is remembered.
 *
 * @returns false: the work was stopped; the plugin then remembers the operation and calls that a success
 */
async function isMade(run: Run, id: string, started: Fields): Promise<boolean> {
  try {
    await waitForOperation(run, locationOf(id), started, "creating GKE NodePool");
    return true;
  } catch (error) {
    if (run.stopping.aborted) return false;
    if (!(error instanceof OperationFailed)) throw error;
    const live = await find(run.cloud, run.cloud.endpoints.container + id, run.signal);
    if (!live) throw error;
    throw new Unfinished(live, error.message);
  }
}

async function checked({ cloud, signal }: Run, id: string): Promise<Fields> {
  const { container } = cloud.endpoints;
  await cloud.request("GET", `${container}${id.slice(0, id.lastIndexOf("/"))}`, undefined, signal);
  const live = await find(cloud, container + id, signal);
  if (!live) throw new Error(`node pool ${id} was made and is gone`);
  if (live.status === "ERROR") {
    const message = `NodePool ${String(live.name)} was created in the error state "ERROR"`;
    throw new Unfinished(live, message);
  }
  return live;
}

/** The plugin changes a pool's bounds by its cluster. */
async function setAutoscaling(run: Run, id: string, inputs: Fields): Promise<void> {
  const [cluster, name] = [id.split("/").slice(0, 6).join("/"), id.split("/").at(-1)];
  const { autoscaling = { enabled: false } } = bodyOf({ autoscaling: fields.autoscaling! }, inputs);
  const update = { desiredNodePoolId: name, desiredNodePoolAutoscaling: autoscaling };
  const request = { method: "PUT", path: cluster, body: { update } };
  await changeContainer(run, locationOf(id), request, "updating GKE node pool");
}
