import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";

/** Pulumi's names for the parts of Google's that a deployment is made of. */
export const gkeTypes = {
  network: "gcp:compute/network:Network",
  subnetwork: "gcp:compute/subnetwork:Subnetwork",
  firewall: "gcp:compute/firewall:Firewall",
  cluster: "gcp:container/cluster:Cluster",
  nodePool: "gcp:container/nodePool:NodePool",
  healthCheck: "gcp:compute/healthCheck:HealthCheck",
  backendService: "gcp:compute/backendService:BackendService",
  backendBucket: "gcp:compute/backendBucket:BackendBucket",
  bucket: "gcp:storage/bucket:Bucket",
  bucketReader: "gcp:storage/bucketIAMMember:BucketIAMMember",
  urlMap: "gcp:compute/uRLMap:URLMap",
  httpProxy: "gcp:compute/targetHttpProxy:TargetHttpProxy",
  httpsProxy: "gcp:compute/targetHttpsProxy:TargetHttpsProxy",
  managedCertificate: "gcp:compute/managedSslCertificate:ManagedSslCertificate",
  certificate: "gcp:compute/sSLCertificate:SSLCertificate",
  globalAddress: "gcp:compute/globalAddress:GlobalAddress",
  forwardingRule: "gcp:compute/globalForwardingRule:GlobalForwardingRule",
  /** of a region, for layer 4 */
  address: "gcp:compute/address:Address",
} as const;

export type GkeType = (typeof gkeTypes)[keyof typeof gkeTypes];

/**
 * Inputs that count when a resource is made and never after. The pool's first size is the autoscaler's from then on, and
 * the cluster's is that of its default pool, which is gone; a change of either would replace what has it.
 */
export const ignoredChanges: Partial<Record<string, string[]>> = {
  [gkeTypes.cluster]: ["initialNodeCount"],
  [gkeTypes.nodePool]: ["initialNodeCount"],
};

/**
 * How long the engine waits for a change, where its own 10 minutes are too few: pods of a backend service become ready
 * only when Google's load balancer finds them healthy, and after 10 minutes without its word (ingress-gce,
 * pkg/neg/readiness).
 */
export const updateTimeouts: Partial<Record<string, string>> = { [kubernetesTypes.deployment]: "20m" };

/** What an update must not replace: with them a deployment would be gone for minutes, or have another address. */
export const irreplaceableTypes: readonly string[] = [
  gkeTypes.network,
  gkeTypes.subnetwork,
  gkeTypes.cluster,
  gkeTypes.globalAddress,
  gkeTypes.address,
];
