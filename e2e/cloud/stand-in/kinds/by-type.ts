import type { Kind } from "#e2e/cloud/stand-in/kind.ts";
import { address, globalAddress } from "#e2e/cloud/stand-in/kinds/address.ts";
import { backendBucket } from "#e2e/cloud/stand-in/kinds/backend-bucket.ts";
import { backendService } from "#e2e/cloud/stand-in/kinds/backend-service.ts";
import { bucketIamMember } from "#e2e/cloud/stand-in/kinds/bucket-iam-member.ts";
import { bucket } from "#e2e/cloud/stand-in/kinds/bucket.ts";
import { cluster } from "#e2e/cloud/stand-in/kinds/cluster.ts";
import { firewall } from "#e2e/cloud/stand-in/kinds/firewall.ts";
import { forwardingRule } from "#e2e/cloud/stand-in/kinds/forwarding-rule.ts";
import { healthCheck } from "#e2e/cloud/stand-in/kinds/health-check.ts";
import { network } from "#e2e/cloud/stand-in/kinds/network.ts";
import { nodePool } from "#e2e/cloud/stand-in/kinds/node-pool.ts";
import { certificate, managedCertificate } from "#e2e/cloud/stand-in/kinds/ssl-certificate.ts";
import { subnetwork } from "#e2e/cloud/stand-in/kinds/subnetwork.ts";
import { targetHttpProxy, targetHttpsProxy } from "#e2e/cloud/stand-in/kinds/target-proxy.ts";
import { urlMap } from "#e2e/cloud/stand-in/kinds/url-map.ts";
import { gkeTypes, type GkeType } from "#lib/targets/gke/types.ts";

/** How each type of the SDK's is made at Google. */
export const kinds: Record<GkeType, Kind> = {
  [gkeTypes.network]: network,
  [gkeTypes.subnetwork]: subnetwork,
  [gkeTypes.firewall]: firewall,
  [gkeTypes.cluster]: cluster,
  [gkeTypes.nodePool]: nodePool,
  [gkeTypes.healthCheck]: healthCheck,
  [gkeTypes.backendService]: backendService,
  [gkeTypes.backendBucket]: backendBucket,
  [gkeTypes.bucket]: bucket,
  [gkeTypes.bucketReader]: bucketIamMember,
  [gkeTypes.urlMap]: urlMap,
  [gkeTypes.httpProxy]: targetHttpProxy,
  [gkeTypes.httpsProxy]: targetHttpsProxy,
  [gkeTypes.managedCertificate]: managedCertificate,
  [gkeTypes.certificate]: certificate,
  [gkeTypes.globalAddress]: globalAddress,
  [gkeTypes.forwardingRule]: forwardingRule,
  [gkeTypes.address]: address,
};
