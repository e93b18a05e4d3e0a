import { computeKind } from "#e2e/cloud/stand-in/compute-kind.ts";
import { placed, projectOf } from "#e2e/cloud/stand-in/places.ts";

export const globalAddress = computeKind({
  title: "GlobalAddress",
  collection: "addresses",
  labels: "attributed",
  fields: {
    address: { computed: true },
    addressType: { computed: true },
    ipVersion: {},
  },
  immovable: ["description", "address", "addressType", "ipVersion"],
  more: () => ({ networkTier: "PREMIUM" }),
});

export const address = computeKind({
  title: "Address",
  collection: "addresses",
  isRegional: true,
  labels: "attributed",
  fields: {
    address: { computed: true },
    addressType: { standard: "EXTERNAL" },
    networkTier: { computed: true },
    ipVersion: {},
  },
  immovable: ["description", "address", "addressType", "networkTier", "ipVersion"],
  more: (cloud, inputs) => ({
    region: `projects/${projectOf(cloud, inputs)}/global/regions/${placed("region", cloud, inputs)}`,
  }),
  outputs: ({ users }) => ({ users: users ?? [] }),
});
