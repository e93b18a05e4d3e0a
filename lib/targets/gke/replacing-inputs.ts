import { gkeTypes } from "#lib/targets/gke/types.ts";

/** Of every part of Google's: the plan names nothing by what Google gives, so that no other input moves it. */
const always: readonly string[] = ["project", "name", "region", "location"];

/**
 * Inputs that can't be changed in place at Google: whatever has them is made anew (the fields that force a replacement
 * in the resources of Google's Terraform provider, of which the plugin is made).
 */
const more: Record<string, readonly string[]> = {
  [gkeTypes.network]: ["description", "autoCreateSubnetworks"],
  [gkeTypes.subnetwork]: ["description", "network", "ipCidrRange"],
  [gkeTypes.firewall]: ["network"],
  [gkeTypes.cluster]: ["description", "network", "subnetwork", "networkingMode", "ipAllocationPolicy"],
  [gkeTypes.nodePool]: ["cluster"],
  [gkeTypes.globalAddress]: ["description", "addressType", "ipVersion"],
  [gkeTypes.address]: ["description", "addressType", "networkTier"],
  [gkeTypes.managedCertificate]: ["description", "managed"],
  [gkeTypes.certificate]: ["description", "certificate", "privateKey"],
  [gkeTypes.bucketReader]: ["bucket", "role", "member"],
  [gkeTypes.forwardingRule]: ["description", "ipAddress", "ipProtocol", "portRange", "loadBalancingScheme"],
};

/** Of a type of Google's; nothing for any other. */
export function googleReplacingInputs(type: string): readonly string[] {
  return type.startsWith("gcp:") ? [...always, ...(more[type] ?? [])] : [];
}
