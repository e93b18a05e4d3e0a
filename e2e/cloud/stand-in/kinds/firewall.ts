import { computeKind } from "#e2e/cloud/stand-in/compute-kind.ts";
import { isObject } from "#e2e/cloud/stand-in/values.ts";
import type { Fields } from "#e2e/stand-in/protocol.ts";

const rules = (rename: (rule: Fields) => Fields) => (value: unknown) => (value as Fields[]).map(rename);

const allowed = {
  write: rules(({ protocol, ports }) => ({ IPProtocol: protocol, ...(ports !== undefined && { ports }) })),
  read: rules(({ IPProtocol, ports }) => ({ protocol: IPProtocol, ...(ports !== undefined && { ports }) })),
};

export const firewall = computeKind({
  title: "Firewall",
  collection: "firewalls",
  fields: {
    network: {},
    allows: { at: "allowed", ...allowed },
    denies: { at: "denied", ...allowed },
    direction: { computed: true },
    disabled: {},
    priority: { standard: 1000 },
    sourceRanges: { computed: true },
    destinationRanges: { computed: true },
    sourceTags: {},
    targetTags: {},
    sourceServiceAccounts: {},
    targetServiceAccounts: {},
    logConfig: {
      standard: { enable: false },
      write: (value) =>
        isObject(value) && value.enable === false ? value : { ...(value as object), enable: true },
      read: (value) => (isObject(value) && value.enable === true ? { metadata: value.metadata } : undefined),
    },
  },
  immovable: ["network", "direction"],
  verb: "PATCH",
});
