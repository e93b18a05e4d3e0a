import type { QuotaFound } from "#lib/targets/gke/findings.ts";

const quotaTitles: Record<string, string> = {
  CPUS: "CPUs",
  CPUS_ALL_REGIONS: "CPUs in all regions",
  GPUS_ALL_REGIONS: "GPUs in all regions",
  INSTANCES: "Machines",
  IN_USE_ADDRESSES: "Addresses in use",
  STATIC_ADDRESSES: "Reserved addresses",
  SSD_TOTAL_GB: "SSD disks",
  NETWORKS: "Networks",
  SUBNETWORKS: "Subnets",
  FIREWALLS: "Firewall rules",
  HEALTH_CHECKS: "Health checks",
  BACKEND_SERVICES: "Backend services",
  GLOBAL_EXTERNAL_MANAGED_BACKEND_SERVICES: "Backend services of global load balancers",
  BACKEND_BUCKETS: "Backend buckets",
  URL_MAPS: "URL maps",
  TARGET_HTTP_PROXIES: "HTTP proxies",
  TARGET_HTTPS_PROXIES: "HTTPS proxies",
  SSL_CERTIFICATES: "Certificates",
  FORWARDING_RULES: "Forwarding rules",
  GLOBAL_EXTERNAL_MANAGED_FORWARDING_RULES: "Forwarding rules of global load balancers",
  NETWORK_ENDPOINT_GROUPS: "Groups of endpoints",
};

/** A quota as people call it: `CPUs in us-central1`; one that isn't known here by Google's name. */
export function quotaWords({ metric, region }: Pick<QuotaFound, "metric" | "region">): string {
  const title = quotaTitles[metric] ?? kindOf(metric);
  if (region !== null) return `${title} in ${region}`;
  return metric.endsWith("_ALL_REGIONS") ? title : `${title} in the project`;
}

/** How much of a quota: `3`, `300 GB`. */
export function quotaAmount(amount: number, metric: string): string {
  const words = amount.toLocaleString("en-US");
  return metric.endsWith("_GB") ? `${words} GB` : words;
}

/** `N2D_CPUS` is N2D CPUs, `NVIDIA_T4_GPUS` NVIDIA T4 GPUs, `PREEMPTIBLE_CPUS` spot CPUs. */
function kindOf(metric: string): string {
  const words = metric
    .replace(/^PREEMPTIBLE_/, "Spot_")
    .split("_")
    .map((word) => ({ CPUS: "CPUs", GPUS: "GPUs" })[word] ?? word);
  return words.join(" ");
}
