import type { ProxySettings, VariantSettings } from "#lib/targets/kubernetes/settings.ts";

/** A cluster that is made for one deployment and goes with it. */
export type OwnCluster = {
  mode: "own";
  /** such as `n1-standard-1` */
  machineType: string;
  /** sizes of the whole pool, over all zones */
  minNodes: number;
  maxNodes: number;
  /** cheaper nodes that Google may take away at any time */
  spot: boolean;
  /** in each node; null: none */
  gpu: { type: string; count: number } | null;
  releaseChannel: "RAPID" | "REGULAR" | "STABLE";
  /** null: a network of its own */
  network: ChosenNetwork | null;
};

/** Links are partial: `projects/P/global/networks/N`, `projects/P/regions/R/subnetworks/N`. */
export type ChosenNetwork = {
  network: string;
  subnetwork: string;
  /** names of the subnet's secondary ranges */
  podsRangeName: string;
  servicesRangeName: string;
};

/** A cluster that is there already. It is never changed. */
export type ExistingCluster = {
  mode: "existing";
  name: string;
  /** its partial link, as `networkConfig.network` of the cluster says it */
  network: string;
  /** addresses of its pods in CIDR notation, as `ipAllocationPolicy.clusterIpv4CidrBlock` of the cluster says it */
  podsRange: string;
  /** the same of those node pools that have a range of their own */
  morePodsRanges: string[];
};

/** All that the program of the `gke` target needs beside the spec. Holds nothing secret. */
export type GkeSettings = {
  project: string;
  region: string;
  /** where the cluster is: a zone, or the region */
  location: string;
  /** where its nodes are, and so the groups of its pods' addresses (NEGs): at least one, and they don't change */
  zones: string[];
  cluster: OwnCluster | ExistingCluster;
  /** whom an own cluster's nodes act as: the address of a service account */
  nodeServiceAccount: string;
  /** null: no certificate of Google's is made */
  domain: DomainSettings | null;
  staticContent: StaticContent | null;
  /** the share of requests that Google's load balancer logs, 0 to 1; 0: none */
  logSampleRate: number;
  /** requests a second that one pod is expected to take, by which Google spreads them over zones */
  maxRatePerEndpoint: number;
  /** names of the variants are the spec's */
  variants: Record<string, VariantSettings>;
  /** null: there is no HAProxy in this deployment's namespace (`loadBalancerOf`) */
  proxy: ProxySettings | null;
  /** tells one pull secret from another; null: the images need none */
  pullSecretFingerprint: string | null;
  /** the longest a request may take, in seconds */
  streamLimitSeconds: number;
};

export type DomainSettings = {
  name: string;
  /** earlier domains, whose certificates stay until the new one's is ACTIVE */
  leaving: string[];
};

/** Files that anyone may read, under a path of the endpoint. */
export type StaticContent = {
  /** the bucket's name; `staticBucketName` has one */
  bucket: string;
  /** such as `/static`: taken away before the bucket is asked */
  prefix: string;
  /** tells one archive from another: at most 63 lower-case letters, digits, - and _ */
  fingerprint: string;
};

/** What the program makes secrets of, by the names that `secretInput` gives them in a plan. */
export type GkeSecrets = {
  /** each variable with its value, plain ones among them */
  env: Record<string, string>;
  /** `.dockerconfigjson` */
  pull?: Record<string, string>;
  /** PEM of the key to the spec's certificate */
  certificateKey?: string;
};
