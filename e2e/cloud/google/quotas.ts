import { machineTypes, acceleratorTypes, regionOf } from "#e2e/cloud/google/catalog.ts";
import { numberAt, objectAt, objectsAt, stringAt, type JsonObject } from "#e2e/cloud/google/json.ts";
import type { OperationError } from "#e2e/cloud/google/operations.ts";
import type { Store } from "#e2e/cloud/google/store.ts";

/** Limits of a fresh project with billing, as Google's console shows them. */
const projectLimits: Record<string, number> = {
  NETWORKS: 15,
  SUBNETWORKS: 275,
  FIREWALLS: 200,
  STATIC_ADDRESSES: 21,
  IN_USE_ADDRESSES: 69,
  FORWARDING_RULES: 45,
  URL_MAPS: 30,
  BACKEND_SERVICES: 50,
  GLOBAL_EXTERNAL_MANAGED_FORWARDING_RULES: 75,
  GLOBAL_EXTERNAL_MANAGED_BACKEND_SERVICES: 75,
  BACKEND_BUCKETS: 9,
  HEALTH_CHECKS: 75,
  TARGET_HTTP_PROXIES: 30,
  TARGET_HTTPS_PROXIES: 30,
  SSL_CERTIFICATES: 30,
  ROUTES: 250,
  CPUS_ALL_REGIONS: 32,
  GPUS_ALL_REGIONS: 1,
};

const regionLimits: Record<string, number> = {
  CPUS: 24,
  N2_CPUS: 24,
  NVIDIA_T4_GPUS: 1,
  NVIDIA_L4_GPUS: 1,
  NVIDIA_V100_GPUS: 1,
  SSD_TOTAL_GB: 1000,
  DISKS_TOTAL_GB: 4096,
  IN_USE_ADDRESSES: 23,
  STATIC_ADDRESSES: 21,
  INSTANCES: 720,
  FORWARDING_RULES: 45,
  NETWORK_ENDPOINT_GROUPS: 100,
};

/** Global collections that are counted one by one. */
const counted: Record<string, string> = {
  networks: "NETWORKS",
  subnetworks: "SUBNETWORKS",
  firewalls: "FIREWALLS",
  urlMaps: "URL_MAPS",
  backendServices: "BACKEND_SERVICES",
  backendBuckets: "BACKEND_BUCKETS",
  healthChecks: "HEALTH_CHECKS",
  targetHttpProxies: "TARGET_HTTP_PROXIES",
  targetHttpsProxies: "TARGET_HTTPS_PROXIES",
  sslCertificates: "SSL_CERTIFICATES",
  routes: "ROUTES",
};

/** An amount of something, in a region or (`region: null`) in the whole project. */
type Amount = { metric: string; region: string | null; amount: number };
type Thing = { key: string; body: JsonObject };
export type Quota = { metric: string; limit: number; usage: number };
export type Exceeded = Quota & { region: string | null; asked: number };

/** What a project may have. What it has is counted anew each time, from what is there. */
export class Quotas {
  #store: Store;
  #limits = new Map<string, number>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Changes a limit: of a region, or of the project as a whole (`region: null`). */
  set(project: string, region: string | null, metric: string, limit: number): void {
    const known = region === null ? projectLimits : regionLimits;
    if (!(metric in known))
      throw new Error(`The model counts no ${metric} there. It counts ${Object.keys(known).join(", ")}.`);
    this.#limits.set(`${project}/${region ?? ""}/${metric}`, limit);
  }

  /** All quotas of a region or of the project, as Google shows them. */
  list(project: string, region: string | null): Quota[] {
    const used = this.#amounts(project, this.#store.all()).filter((each) => each.region === region);
    return Object.keys(region === null ? projectLimits : regionLimits).map((metric) => ({
      metric,
      limit: this.#limit(project, region, metric),
      usage: used.filter((each) => each.metric === metric).reduce((sum, { amount }) => sum + amount, 0),
    }));
  }

  /** The first quota that would be exceeded if these came to be, or null. */
  exceeded(project: string, things: Thing[]): Exceeded | null {
    const asked = new Map<string, Amount>();
    for (const { metric, region, amount } of this.#amounts(project, things)) {
      const name = `${region ?? ""}/${metric}`;
      asked.set(name, { metric, region, amount: amount + (asked.get(name)?.amount ?? 0) });
    }
    for (const { metric, region, amount } of asked.values()) {
      const quota = this.list(project, region).find((each) => each.metric === metric);
      if (quota && quota.usage + amount > quota.limit) return { ...quota, region, asked: amount };
    }
    return null;
  }

  #limit(project: string, region: string | null, metric: string): number {
    const known = region === null ? projectLimits : regionLimits;
    return this.#limits.get(`${project}/${region ?? ""}/${metric}`) ?? known[metric] ?? 0;
  }

  #amounts(project: string, things: Thing[]): Amount[] {
    return things.filter(({ key }) => key.startsWith(`compute/projects/${project}/`)).flatMap(amountsOf);
  }
}

function amountsOf({ key, body }: Thing): Amount[] {
  const [, , , scope = "", ...rest] = key.split("/");
  const collection = rest.at(-2) ?? "";
  const region = scope === "global" ? null : regionOf(rest[0] ?? "");
  const metric = counted[collection];
  const amounts: Amount[] = metric ? [{ metric, region: null, amount: 1 }] : [];
  if (region === null && body.loadBalancingScheme === "EXTERNAL_MANAGED") {
    const kind = collection === "forwardingRules" ? "FORWARDING_RULES" : "BACKEND_SERVICES";
    amounts.push({ metric: `GLOBAL_EXTERNAL_MANAGED_${kind}`, region, amount: 1 });
  }
  if (collection === "addresses") amounts.push({ metric: "STATIC_ADDRESSES", region, amount: 1 });
  if (collection === "forwardingRules") amounts.push({ metric: "FORWARDING_RULES", region, amount: 1 });
  if (collection === "networkEndpointGroups") {
    amounts.push({ metric: "NETWORK_ENDPOINT_GROUPS", region, amount: 1 });
  }
  if (collection === "instances") amounts.push(...amountsOfInstance(region, body));
  return amounts;
}

function amountsOfInstance(region: string | null, body: JsonObject): Amount[] {
  const last = (url: string) => url.split("/").at(-1) ?? "";
  const machine = machineTypes.find(({ name }) => name === last(stringAt(body, "machineType")));
  const amounts: Amount[] = [{ metric: "INSTANCES", region, amount: 1 }];
  if (machine) {
    amounts.push({ metric: machine.quota, region, amount: machine.guestCpus });
    amounts.push({ metric: "CPUS_ALL_REGIONS", region: null, amount: machine.guestCpus });
  }
  for (const used of objectsAt(body, "guestAccelerators")) {
    const amount = numberAt(used, "acceleratorCount") ?? 0;
    const type = acceleratorTypes.find(({ name }) => name === last(stringAt(used, "acceleratorType")));
    if (type) amounts.push({ metric: type.quota, region, amount });
    amounts.push({ metric: "GPUS_ALL_REGIONS", region: null, amount });
  }
  for (const disk of objectsAt(body, "disks")) {
    // Standard disks have a quota of their own; balanced and SSD ones share theirs.
    const type = stringAt(objectAt(disk, "initializeParams"), "diskType");
    const metric = type.includes("pd-standard") ? "DISKS_TOTAL_GB" : "SSD_TOTAL_GB";
    amounts.push({ metric, region, amount: numberAt(disk, "diskSizeGb") ?? 0 });
  }
  const outside = objectsAt(body, "networkInterfaces").flatMap((each) => objectsAt(each, "accessConfigs"));
  if (outside.length > 0) amounts.push({ metric: "IN_USE_ADDRESSES", region, amount: outside.length });
  return amounts;
}

/** Compute Engine's words for an operation that a quota ended. */
export function quotaError({ metric, limit, region }: Exceeded): OperationError {
  const where = region === null ? "globally" : `in region ${region}`;
  return {
    code: "QUOTA_EXCEEDED",
    message: `Quota '${metric}' exceeded.  Limit: ${limit.toFixed(1)} ${where}.`,
    httpCode: 403,
    details: [
      {
        quotaInfo: {
          metricName: `compute.googleapis.com/${metric.toLowerCase()}`,
          limitName: `${metric}-per-project${region === null ? "" : "-region"}`,
          dimensions: { region: region ?? "global" },
          limit,
        },
      },
    ],
  };
}
