import { isIP } from "node:net";
import { computeKind } from "#e2e/cloud/stand-in/compute-kind.ts";
import { isAsAsked } from "#e2e/cloud/stand-in/values.ts";

export const forwardingRule = computeKind({
  title: "GlobalForwardingRule",
  collection: "forwardingRules",
  labels: "own",
  fields: {
    target: {},
    ipAddress: { at: "IPAddress", computed: true, isSame: isSameAddress },
    ipProtocol: { at: "IPProtocol", computed: true },
    portRange: { isSame: isSamePort },
    loadBalancingScheme: { standard: "EXTERNAL" },
    networkTier: { computed: true },
    ipVersion: {},
  },
  // Between schemes it moves in steps of its own, which this stand-in doesn't go.
  immovable: ["description", "ipAddress", "ipProtocol", "portRange", "networkTier", "ipVersion"],
  setters: { target: { method: "setTarget" } },
  outputs: ({ id }) => ({ forwardingRuleId: Number(id) }),
});

/**
 * Google answers with the number of an address that was given by its link. The plugin takes any link for the number
 * that is there (`InternalIpDiffSuppress`), so a rule that leads elsewhere is seen only by two links that differ.
 */
function isSameAddress(asked: unknown, live: unknown): boolean {
  const [one, other] = [String(asked), String(live)];
  return isIP(one) === isIP(other) ? isAsAsked(asked, live) : live !== undefined;
}

/** A port may be written as the range that Google makes of it. */
function isSamePort(asked: unknown, live: unknown): boolean {
  const range = (value: unknown) =>
    /^\d+$/.test(String(value)) ? `${String(value)}-${String(value)}` : value;
  return range(asked) === range(live);
}
