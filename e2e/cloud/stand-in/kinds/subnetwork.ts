import { computeKind } from "#e2e/cloud/stand-in/compute-kind.ts";
import { placed, projectOf } from "#e2e/cloud/stand-in/places.ts";
import { isObject } from "#e2e/cloud/stand-in/values.ts";

export const subnetwork = computeKind({
  title: "Subnetwork",
  collection: "subnetworks",
  isRegional: true,
  fields: {
    network: {},
    ipCidrRange: {},
    privateIpGoogleAccess: { computed: true },
    purpose: { computed: true },
    stackType: { computed: true },
    secondaryIpRanges: { computed: true },
    logConfig: {
      standard: { enable: false },
      write: (value) =>
        isObject(value) && value.enable === false ? value : { ...(value as object), enable: true },
      read: (value) => (isObject(value) && value.enable === true ? value : undefined),
    },
  },
  // A range may also grow in place (expandIpCidrRange): here another range is always another subnetwork.
  immovable: ["description", "network", "ipCidrRange", "purpose"],
  more: (cloud, inputs) => ({
    region: `projects/${projectOf(cloud, inputs)}/global/regions/${placed("region", cloud, inputs)}`,
  }),
  setters: {
    secondaryIpRanges: { method: "" },
    logConfig: { method: "" },
    stackType: { method: "" },
    privateIpGoogleAccess: { method: "setPrivateIpGoogleAccess" },
  },
  outputs: ({ gatewayAddress, id }) => ({ gatewayAddress, subnetworkId: Number(id) }),
});
