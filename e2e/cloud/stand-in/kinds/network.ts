import { computeKind } from "#e2e/cloud/stand-in/compute-kind.ts";

export const network = computeKind({
  title: "Network",
  collection: "networks",
  fields: {
    autoCreateSubnetworks: { standard: true },
    mtu: { computed: true },
    routingMode: { at: "routingConfig.routingMode", computed: true },
    networkFirewallPolicyEnforcementOrder: { standard: "AFTER_CLASSIC_FIREWALL" },
    deleteDefaultRoutesOnCreate: { local: true },
  },
  immovable: ["description", "autoCreateSubnetworks", "mtu"],
  setters: { routingMode: { method: "" }, networkFirewallPolicyEnforcementOrder: { method: "" } },
  outputs: ({ id, gatewayIPv4 }) => ({
    networkId: String(id),
    numericId: String(id),
    gatewayIpv4: gatewayIPv4 ?? "",
  }),
});
