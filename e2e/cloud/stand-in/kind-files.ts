import { gkeTypes, type GkeType } from "#lib/targets/gke/types.ts";

/** The SDK's files of the kinds that this stand-in knows. */
export const kindFiles: Record<GkeType, string> = {
  [gkeTypes.network]: "compute/network",
  [gkeTypes.subnetwork]: "compute/subnetwork",
  [gkeTypes.firewall]: "compute/firewall",
  [gkeTypes.cluster]: "container/cluster",
  [gkeTypes.nodePool]: "container/nodePool",
  [gkeTypes.healthCheck]: "compute/healthCheck",
  [gkeTypes.backendService]: "compute/backendService",
  [gkeTypes.backendBucket]: "compute/backendBucket",
  [gkeTypes.bucket]: "storage/bucket",
  [gkeTypes.bucketReader]: "storage/bucketIAMMember",
  [gkeTypes.urlMap]: "compute/urlmap",
  [gkeTypes.httpProxy]: "compute/targetHttpProxy",
  [gkeTypes.httpsProxy]: "compute/targetHttpsProxy",
  [gkeTypes.managedCertificate]: "compute/managedSslCertificate",
  [gkeTypes.certificate]: "compute/sslcertificate",
  [gkeTypes.globalAddress]: "compute/globalAddress",
  [gkeTypes.forwardingRule]: "compute/globalForwardingRule",
  [gkeTypes.address]: "compute/address",
};
