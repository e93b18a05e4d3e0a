import { find, type Cloud } from "#e2e/cloud/stand-in/cloud.ts";
import { OperationFailed } from "#e2e/cloud/stand-in/compute-operation.ts";
import { changeContainer, locationOf, waitForOperation } from "#e2e/cloud/stand-in/container-operation.ts";
import { bodyOf, everywhere, type FieldTable } from "#e2e/cloud/stand-in/fields.ts";
import { GoogleApiError } from "#e2e/cloud/stand-in/google-api-error.ts";
import type { Kind, Live, Run } from "#e2e/cloud/stand-in/kind.ts";
import { effectiveLabels, labelOutputs, labelsField } from "#e2e/cloud/stand-in/labels.ts";
import { projectOf } from "#e2e/cloud/stand-in/places.ts";
import type { Fields } from "#e2e/stand-in/protocol.ts";

/** What a pool's machines may do where nothing is said of them (`defaultOauthScopes` of the plugin). */
const defaultScopes = [
  "devstorage.read_only",
  "logging.write",
  "monitoring",
  "service.management.readonly",
  "servicecontrol",
  "trace.append",
].map((name) => `https://www.googleapis.com/auth/${name}`);

const fields: FieldTable = {
  name: {},
  description: {},
  location: { local: true },
  nodeLocations: { at: "locations", computed: true, write: withOwnZone, read: otherZones },
  initialNodeCount: { unseen: true },
  // Google says the networks by name, and by link in another place.
  network: { shownAt: "networkConfig.network", computed: true },
  subnetwork: { shownAt: "networkConfig.subnetwork", computed: true },
  networkingMode: {
    computed: true,
    write: () => undefined,
    shownAt: "ipAllocationPolicy.useIpAliases",
    read: () => "VPC_NATIVE",
  },
  ipAllocationPolicy: {
    write: (value) => ({ stackType: "IPV4", useIpAliases: true, ...(value as Fields) }),
    computed: true,
  },
  releaseChannel: { computed: true },
  workloadIdentityConfig: { computed: true },
  enableShieldedNodes: { at: "shieldedNodes.enabled", standard: true },
  loggingService: { computed: true },
  monitoringService: { computed: true },
  resourceLabels: labelsField,
  removeDefaultNodePool: { local: true },
  deletionProtection: { local: true, imported: true },
  ...everywhere,
};

/** What the plugin asks for beside a program's inputs, whatever they are. */
const always: Fields = {
  autopilot: { enabled: false },
  autoscaling: { enableNodeAutoprovisioning: false },
  binaryAuthorization: { enabled: false },
  controlPlaneEndpointsConfig: {
    dnsEndpointConfig: {
      allowExternalTraffic: false,
      enableK8sCertsViaDns: false,
      enableK8sTokensViaDns: false,
    },
    ipEndpointsConfig: {
      authorizedNetworksConfig: {},
      enablePublicEndpoint: true,
      enabled: true,
      globalAccess: false,
      privateEndpointSubnetwork: "",
    },
  },
  legacyAbac: { enabled: false },
  maintenancePolicy: { window: {} },
  networkConfig: {},
  networkPolicy: {},
  nodeConfig: { oauthScopes: defaultScopes },
  notificationConfig: { pubsub: {} },
};

/** Updates of a cluster, by the input that changes: each is a request of its own. */
const updates: Record<string, { field: string; activity: string }> = {
  releaseChannel: { field: "desiredReleaseChannel", activity: "updating Release Channel" },
  nodeLocations: { field: "desiredLocations", activity: "updating GKE cluster node locations" },
  workloadIdentityConfig: { field: "desiredWorkloadIdentityConfig", activity: "updating Workload Identity" },
  enableShieldedNodes: { field: "desiredShieldedNodes", activity: "updating shielded nodes" },
  loggingService: { field: "desiredLoggingService", activity: "updating GKE logging service" },
  monitoringService: { field: "desiredMonitoringService", activity: "updating GKE monitoring service" },
};

/** A zone's cluster has nodes there anyway: the plugin adds it. */
function withOwnZone(value: unknown, { location }: Fields): unknown {
  const isZone = String(location).split("-").length > 2;
  return [...(value as unknown[]), ...(isZone ? [location] : [])];
}

function otherZones(value: unknown, { location }: Fields): unknown {
  return (value as unknown[]).filter((zone) => zone !== location);
}

export const cluster: Kind = {
  fields,
  immovable: [
    "name",
    "project",
    "location",
    "description",
    "network",
    "subnetwork",
    "networkingMode",
    "ipAllocationPolicy",
    "initialNodeCount",
  ],
  patience: { create: 2400, update: 3600, delete: 2400 },
  idOf: (cloud, inputs) =>
    `projects/${projectOf(cloud, inputs)}/locations/${locationGiven(cloud, inputs)}/clusters/${String(inputs.name)}`,
  idFrom(cloud, text) {
    const [name = "", location = locationGiven(cloud, {}), project = projectOf(cloud, {})] = text
      .split("/")
      .reverse();
    return text.startsWith("projects/") ? text : `projects/${project}/locations/${location}/clusters/${name}`;
  },
  fromId(id) {
    const [, project, , location, , name] = id.split("/");
    return { project, location, name };
  },
  async create(run, inputs, id) {
    const { cloud, signal } = run;
    const { container } = cloud.endpoints;
    await find(cloud, container + id, signal);
    const resourceLabels = effectiveLabels(cloud, inputs.resourceLabels, true);
    const body = { cluster: { ...always, ...bodyOf(fields, inputs), resourceLabels } };
    const started = await cloud.request("POST", `${container}${locationOf(id)}/clusters`, body, signal);
    if (!(await isMade(run, id, started))) return { ...body.cluster, pending: started.name };
    if (inputs.removeDefaultNodePool === true) await removeDefaultPool(run, id);
    return running(run, id);
  },
  async read(run, id, { operation }) {
    // An attempt that was stopped left its operation behind: the plugin waits for that first.
    if (typeof operation === "string" && operation !== "") {
      await waitForOperation(run, locationOf(id), { name: operation }, "resuming GKE cluster");
    }
    return find(run.cloud, run.cloud.endpoints.container + id, run.signal);
  },
  async update(run, id, { inputs, changed }) {
    for (const name of changed) {
      if (name === "resourceLabels") await setLabels(run, id, inputs);
      else if (name === "removeDefaultNodePool" && inputs[name] === true) await removeDefaultPool(run, id);
      else if (updates[name]) await updateField(run, id, name, inputs);
      else if (!fields[name]?.local) throw new Error(`this stand-in can't change ${name} of a cluster`);
    }
    return running(run, id);
  },
  async remove(run, id, state) {
    if (state.deletionProtection !== false) {
      throw new Error(
        "Cannot destroy cluster because deletion_protection is set to true. Set it to false to proceed with cluster deletion.",
      );
    }
    const live = await find(run.cloud, run.cloud.endpoints.container + id, run.signal);
    if (!live) return;
    await changeContainer(run, locationOf(id), { method: "DELETE", path: id }, "deleting GKE cluster");
  },
  outputs: (live) => ({
    endpoint: live.endpoint ?? "",
    masterAuth: live.masterAuth ?? {},
    masterVersion: live.currentMasterVersion ?? "",
    nodeVersion: live.currentNodeVersion ?? "",
    clusterIpv4Cidr: live.clusterIpv4Cidr ?? "",
    servicesIpv4Cidr: live.servicesIpv4Cidr ?? "",
    selfLink: live.selfLink,
    operation: live.pending ?? "",
    ...labelOutputs(live.resourceLabels, live.labelFingerprint),
  }),
};

/** @throws Error if no place is named */
function locationGiven(cloud: Cloud, inputs: Fields): string {
  const found = inputs.location ?? cloud.zone ?? cloud.region;
  if (typeof found === "string" && found !== "") return found;
  throw new Error("location: required field is not set");
}

/**
 * Where Google failed, the cluster that failed is deleted.
 *
 * @returns false: the work was stopped; the plugin then remembers the operation and calls that a success
 * @throws OperationFailed
 */
async function isMade(run: Run, id: string, started: Fields): Promise<boolean> {
  try {
    await waitForOperation(run, locationOf(id), started, "creating GKE cluster");
    return true;
  } catch (error) {
    if (run.stopping.aborted) return false;
    if (error instanceof OperationFailed) await cleanFailed(run, id);
    throw error;
  }
}

async function cleanFailed(run: Run, id: string): Promise<void> {
  const live = await find(run.cloud, run.cloud.endpoints.container + id, run.signal);
  if (live)
    await changeContainer(run, locationOf(id), { method: "DELETE", path: id }, "deleting GKE cluster");
}

async function removeDefaultPool(run: Run, id: string): Promise<void> {
  const request = { method: "DELETE", path: `${id}/nodePools/default-pool` };
  try {
    await changeContainer(run, locationOf(id), request, "removing default node pool");
  } catch (error) {
    if (!(error instanceof GoogleApiError && error.code === 404)) throw error;
  }
}

async function running(run: Run, id: string): Promise<Live> {
  const live = await find(run.cloud, run.cloud.endpoints.container + id, run.signal);
  if (!live) throw new Error(`cluster ${id} was there and is gone`);
  if (live.status === "ERROR") {
    throw new Error(
      `Cluster ${String(live.name)} has status "ERROR" with message ${String(live.statusMessage)}`,
    );
  }
  return live;
}

async function setLabels(run: Run, id: string, inputs: Fields): Promise<void> {
  const { labelFingerprint } = await running(run, id);
  const body = { labelFingerprint, resourceLabels: effectiveLabels(run.cloud, inputs.resourceLabels, true) };
  const request = { method: "POST", path: `${id}:setResourceLabels`, body };
  await changeContainer(run, locationOf(id), request, "updating GKE resource labels");
}

async function updateField(run: Run, id: string, name: string, inputs: Fields): Promise<void> {
  const { field, activity } = updates[name]!;
  const value = Object.values(bodyOf({ [name]: fields[name]! }, inputs))[0];
  const request = { method: "PUT", path: id, body: { update: { [field]: value } } };
  await changeContainer(run, locationOf(id), request, activity);
}
