import { computeKind } from "#e2e/cloud/stand-in/compute-kind.ts";

export const backendBucket = computeKind({
  title: "BackendBucket",
  collection: "backendBuckets",
  fields: {
    bucketName: {},
    enableCdn: {},
    compressionMode: {},
    customResponseHeaders: {},
    cdnPolicy: { computed: true },
    loadBalancingScheme: {},
  },
  immovable: ["loadBalancingScheme"],
  verb: "PUT",
});
