import { findZone, zones } from "#e2e/cloud/google/catalog.ts";
import { zonesOfPool } from "#e2e/cloud/google/container/nodes.ts";
import { GoogleError } from "#e2e/cloud/google/google-error.ts";
import { numberAt, objectAt, objectsAt, stringAt, type JsonObject } from "#e2e/cloud/google/json.ts";
import type { Call } from "#e2e/cloud/google/model.ts";
import type { Exceeded } from "#e2e/cloud/google/quotas.ts";

const bad = (message: string) => new GoogleError(400, "badRequest", message);

/** What a node is where a request doesn't say. */
export const nodeDefaults: JsonObject = {
  machineType: "e2-medium",
  diskSizeGb: 100,
  diskType: "pd-balanced",
  imageType: "COS_CONTAINERD",
};

/**
 * Whether a pool's zones have its machines, and its numbers fit together.
 *
 * @throws GoogleError 400
 */
export function checkPool(call: Call, location: string, cluster: JsonObject, pool: JsonObject): void {
  const name = stringAt(pool, "name");
  if (!/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name)) {
    throw bad(
      `Invalid value for field "node_pool.name": "${name}". It must be 1-40 characters: lowercase letters, numbers and hyphens, starting with a letter and not ending with a hyphen.`,
    );
  }
  const config = objectAt(pool, "config");
  for (const zone of zonesOfPool(cluster, pool, location)) checkZone(config, zone);
  checkScaling(objectAt(pool, "autoscaling"), numberAt(pool, "initialNodeCount"));
  checkAccount(call, stringAt(config, "serviceAccount"));
}

function checkAccount({ model, project, account }: Call, email: string): void {
  if (email === "" || email === "default") return;
  if (!model.store.get(`iam/${project}/${email}`)) throw bad(`Service account "${email}" does not exist.`);
  if (model.permissions.has(project, account.email, "iam.serviceAccounts.actAs")) return;
  throw bad(
    `The user does not have access to service account "${email}". Ask a project owner to grant you the iam.serviceAccountUser role on the service account.`,
  );
}

function checkZone(config: JsonObject, zone: string): void {
  const found = findZone(zone);
  if (!found) throw bad(`Location "${zone}" does not exist.`);
  const machine = stringAt(config, "machineType");
  if (!found.machineTypes.some(({ name }) => name === machine)) {
    throw bad(`Machine type with name "${machine}" does not exist in zone "${zone}".`);
  }
  for (const each of objectsAt(config, "accelerators")) {
    const type = stringAt(each, "acceleratorType");
    const offered = found.acceleratorTypes.find(({ name }) => name === type);
    if (!offered) throw bad(`Accelerator type "${type}" does not exist in zone ${zone}.`);
    const count = numberAt(each, "acceleratorCount") ?? 0;
    if (count < 1 || count > offered.maximumCardsPerInstance) {
      throw bad(
        `Accelerator count ${count} of type "${type}" isn't possible: 1 to ${offered.maximumCardsPerInstance} are.`,
      );
    }
    checkCarrier(machine, type);
  }
}

/** T4 and V100 are attached to N1 machines; an L4 is a part of G2 ones. */
function checkCarrier(machine: string, type: string): void {
  const family = type === "nvidia-l4" ? "g2-" : "n1-";
  if (machine.startsWith(family)) return;
  throw bad(
    `[${machine}, ${type}] features and instance types are incompatible: ${type} needs a machine type ${family}*.`,
  );
}

function checkScaling(scaling: JsonObject, initial: number | null): void {
  if (scaling.enabled !== true) {
    if ((initial ?? 0) < 0) throw bad("initial_node_count must not be negative.");
    return;
  }
  const perZone = [numberAt(scaling, "minNodeCount") ?? 0, numberAt(scaling, "maxNodeCount") ?? 0] as const;
  const total = [
    numberAt(scaling, "totalMinNodeCount") ?? 0,
    numberAt(scaling, "totalMaxNodeCount") ?? 0,
  ] as const;
  if (perZone[1] > 0 && total[1] > 0) {
    throw bad("Node pool autoscaling limits must be either per zone or in total, not both.");
  }
  const [least, most] = total[1] > 0 ? total : perZone;
  if (most < 1 || least > most || least < 0) {
    throw bad(
      `Node pool autoscaling needs 0 <= minimum <= maximum and a maximum of at least 1, not ${least} and ${most}.`,
    );
  }
}

/** GPUs run out when the machines start, the rest is refused at once. */
export const isLate = ({ metric }: Exceeded): boolean => metric.includes("GPUS");

/** Kubernetes Engine's words where a quota is too small from the start. */
export function quotaRefusal(
  project: string,
  { metric, limit, usage, asked, region }: Exceeded,
): GoogleError {
  const where = region === null ? "project" : "regional";
  const left = Math.max(0, limit - usage);
  const figures = `request requires '${asked.toFixed(1)}' and is short '${(asked - left).toFixed(1)}'. project has a quota of '${limit.toFixed(1)}' with '${left.toFixed(1)}' available`;
  const page = `https://console.cloud.google.com/iam-admin/quotas?usage=USED&project=${project}.`;
  return new GoogleError(
    403,
    "forbidden",
    `Insufficient ${where} quota to satisfy request: resource "${metric}": ${figures}. View and manage quotas at ${page}`,
    { status: "PERMISSION_DENIED" },
  );
}

/** @throws GoogleError 400 for a location that isn't one */
export function requireLocation(location: string): void {
  if (zones.some(({ name, region }) => name === location || region === location)) return;
  throw bad(`Location "${location}" does not exist.`);
}
