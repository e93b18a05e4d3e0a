import { firstNodes } from "#lib/targets/gke/first-nodes.ts";
import { bootDisk } from "#lib/targets/gke/plan/cluster.ts";
import { quotaAmount, quotaWords } from "#lib/targets/gke/quota-words.ts";
import type { GkeSettings, OwnCluster } from "#lib/targets/gke/settings.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

/** How much of something a project may have, in a region or (`region: null`) in all. Names are Compute Engine's. */
export type Quota = { metric: string; region: string | null; limit: number; used: number };
/** How much of it something takes. */
export type Need = { metric: string; region: string | null; amount: number };
/** A quota that doesn't suffice. */
export type Shortage = Quota & { asked: number; left: number };

/** What the only node of a cluster's first pool is where nothing is said of it. It goes once the cluster is there. */
const firstNode = { machineType: "e2-medium", cpus: 2 } as const;

/** Nodes that come to be. */
type Nodes = { count: number; machineType: string; cpus: number; spot: boolean; gpu: OwnCluster["gpu"] };

/**
 * What a plan takes of the project's quotas at once: all that isn't there yet. A cluster's first pool goes before its own
 * comes, so that the larger of the two counts.
 *
 * @param cpus of one node of the pool
 * @param isThere whether the engine has made a resource already, by its key
 */
export function planNeeds(
  plan: readonly PlannedResource[],
  settings: Pick<GkeSettings, "region" | "zones" | "cluster">,
  { cpus, quotas, isThere }: { cpus: number; quotas: readonly Quota[]; isThere: (key: string) => boolean },
): Need[] {
  const { region, zones, cluster } = settings;
  const coming = plan.filter((each) => !isThere(resourceKey(each)));
  const makes = (type: string) => coming.some((each) => each.type === type);
  const first = makes(gkeTypes.cluster) ? firstPoolNeeds(region, zones, quotas) : [];
  const pool =
    cluster.mode === "own" && makes(gkeTypes.nodePool)
      ? poolNeeds(cluster, { region, zones, cpus, quotas })
      : [];
  const parts = coming.flatMap((each) => partNeeds(each, region, zones.length));
  return sum([...parts, ...most(first, pool)]);
}

/** The form as it is at first: the origin's three small nodes in a cluster of their own, reached by HTTP. */
const firstForm = {
  cluster: { machineType: "n1-standard-1", minNodes: 3, spot: false, gpu: null },
  cpus: 1,
  parts: [
    gkeTypes.network,
    gkeTypes.subnetwork,
    gkeTypes.firewall,
    gkeTypes.healthCheck,
    gkeTypes.backendService,
    gkeTypes.urlMap,
    gkeTypes.httpProxy,
    gkeTypes.globalAddress,
    gkeTypes.forwardingRule,
  ],
} as const;

/** What one deployment takes as the form has it at first. */
export function firstFormNeeds(region: string, zones: readonly string[], quotas: readonly Quota[]): Need[] {
  const { cluster, cpus, parts } = firstForm;
  const inAll = parts.flatMap((type) => counted[type] ?? []);
  return sum([
    ...inAll.map((metric) => ({ metric, region: null, amount: 1 })),
    { metric: "NETWORK_ENDPOINT_GROUPS", region, amount: zones.length },
    ...most(firstPoolNeeds(region, zones, quotas), poolNeeds(cluster, { region, zones, cpus, quotas })),
  ]);
}

type Pool = Pick<OwnCluster, "machineType" | "minNodes" | "spot" | "gpu">;
type Place = { region: string; zones: readonly string[]; cpus: number; quotas: readonly Quota[] };

function poolNeeds(pool: Pool, { region, zones, cpus, quotas }: Place): Need[] {
  return nodeNeeds({ count: firstNodes(pool, zones), cpus, ...pool }, region, quotas);
}

function firstPoolNeeds(region: string, zones: readonly string[], quotas: readonly Quota[]): Need[] {
  return nodeNeeds({ count: zones.length, ...firstNode, spot: false, gpu: null }, region, quotas);
}

/** The quotas that don't suffice. One that Google doesn't count there can't be short. */
export function shortages(needs: readonly Need[], quotas: readonly Quota[]): Shortage[] {
  return needs.flatMap((need) => {
    const quota = quotas.find((each) => isSame(each, need));
    const left = quota ? Math.max(0, quota.limit - quota.used) : Infinity;
    return quota && need.amount > left ? [{ ...quota, asked: need.amount, left }] : [];
  });
}

/** A shortage in a sentence's words, with Google's name of the quota, by which it is found on its page. */
export function shortageInWords({ metric, region, asked, left, limit }: Shortage): string {
  const amount = (of: number) => quotaAmount(of, metric);
  return `${quotaWords({ metric, region })} (${metric}): ${amount(asked)} asked, ${amount(left)} left of ${amount(limit)}`;
}

/** Where a person asks Google for more. */
export function quotaLink(project: string): string {
  return `https://console.cloud.google.com/iam-admin/quotas?project=${encodeURIComponent(project)}`;
}

/**
 * Kinds that are counted one by one, all over the project. Every backend service and forwarding rule of a plan is
 * EXTERNAL_MANAGED, and those have a quota of their own beside that of their kind (Compute's Discovery document, Quota).
 */
const counted: Partial<Record<string, string[]>> = {
  [gkeTypes.network]: ["NETWORKS"],
  [gkeTypes.subnetwork]: ["SUBNETWORKS"],
  [gkeTypes.firewall]: ["FIREWALLS"],
  [gkeTypes.healthCheck]: ["HEALTH_CHECKS"],
  [gkeTypes.backendService]: ["BACKEND_SERVICES", "GLOBAL_EXTERNAL_MANAGED_BACKEND_SERVICES"],
  [gkeTypes.backendBucket]: ["BACKEND_BUCKETS"],
  [gkeTypes.urlMap]: ["URL_MAPS"],
  [gkeTypes.httpProxy]: ["TARGET_HTTP_PROXIES"],
  [gkeTypes.httpsProxy]: ["TARGET_HTTPS_PROXIES"],
  [gkeTypes.managedCertificate]: ["SSL_CERTIFICATES"],
  [gkeTypes.certificate]: ["SSL_CERTIFICATES"],
  [gkeTypes.globalAddress]: ["STATIC_ADDRESSES", "IN_USE_ADDRESSES"],
  [gkeTypes.forwardingRule]: ["FORWARDING_RULES", "GLOBAL_EXTERNAL_MANAGED_FORWARDING_RULES"],
};

/** Google makes the forwarding rule of a region's address by itself. */
const regional = ["STATIC_ADDRESSES", "IN_USE_ADDRESSES", "FORWARDING_RULES"];

function partNeeds({ type, inputs }: PlannedResource, region: string, zones: number): Need[] {
  if (type === gkeTypes.address) return regional.map((metric) => ({ metric, region, amount: 1 }));
  if (type === kubernetesTypes.service && hasGroup(inputs))
    return [{ metric: "NETWORK_ENDPOINT_GROUPS", region, amount: zones }];
  return (counted[type] ?? []).map((metric) => ({ metric, region: null, amount: 1 }));
}

function hasGroup(inputs: Record<string, unknown>): boolean {
  const { annotations = {} } = (inputs.metadata ?? {}) as { annotations?: Record<string, string> };
  return "cloud.google.com/neg" in annotations;
}

function nodeNeeds(nodes: Nodes, region: string, quotas: readonly Quota[]): Need[] {
  const { count, cpus, gpu } = nodes;
  const inRegion = (metric: string, each: number): Need => ({ metric, region, amount: each * count });
  const inAll = (metric: string, each: number): Need => ({ metric, region: null, amount: each * count });
  return [
    inRegion("INSTANCES", 1),
    inRegion("SSD_TOTAL_GB", bootDisk.gigabytes),
    inRegion("IN_USE_ADDRESSES", 1),
    inRegion(cpuMetric(nodes, region, quotas), cpus),
    inAll("CPUS_ALL_REGIONS", cpus),
    ...(gpu
      ? [
          inRegion(preferSpot(gpuMetric(gpu.type), nodes, region, quotas), gpu.count),
          inAll("GPUS_ALL_REGIONS", gpu.count),
        ]
      : []),
  ];
}

/** Newer families of machines have a quota of their own; the older ones share one. */
function cpuMetric(nodes: Nodes, region: string, quotas: readonly Quota[]): string {
  const family = (nodes.machineType.split("-")[0] ?? "").toUpperCase();
  const own = `${family}_CPUS`;
  const isCounted = quotas.some((each) => isSame(each, { metric: own, region }));
  if (isCounted) return own;
  return preferSpot("CPUS", nodes, region, quotas);
}

/** `nvidia-tesla-t4` is counted as NVIDIA_T4_GPUS. */
function gpuMetric(type: string): string {
  const model = type.replace(/^nvidia-(tesla-)?/, "").replace(/^h100-80gb$/, "h100");
  return `NVIDIA_${model.replaceAll("-", "_").toUpperCase()}_GPUS`;
}

/** Spot nodes have a quota of their own in projects that asked for one, and take the usual one elsewhere. */
function preferSpot(metric: string, { spot }: Nodes, region: string, quotas: readonly Quota[]): string {
  const own = `PREEMPTIBLE_${metric}`;
  const has = quotas.some((each) => isSame(each, { metric: own, region }) && each.limit > 0);
  return spot && has ? own : metric;
}

function most(one: readonly Need[], other: readonly Need[]): Need[] {
  const alone = other.filter((need) => !one.some((each) => isSame(each, need)));
  const larger = one.map((need) => {
    const { amount = 0 } = other.find((each) => isSame(each, need)) ?? {};
    return { ...need, amount: Math.max(need.amount, amount) };
  });
  return [...larger, ...alone];
}

function sum(needs: readonly Need[]): Need[] {
  return needs.reduce((all: Need[], need) => {
    const rest = all.filter((each) => !isSame(each, need));
    const { amount = 0 } = all.find((each) => isSame(each, need)) ?? {};
    return [...rest, { ...need, amount: amount + need.amount }];
  }, []);
}

type Named = Pick<Quota, "metric" | "region">;

function isSame(one: Named, other: Named): boolean {
  return one.metric === other.metric && one.region === other.region;
}
