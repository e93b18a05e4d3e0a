import { metadataOf, selectorOf, type Owner } from "#lib/targets/kubernetes/manifests/metadata.ts";

/** A node that is emptied takes one replica at a time. A replica that isn't healthy never stands in its way. */
export function disruptionBudget(name: string, owner: Owner) {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadataOf(name, owner),
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: selectorOf(owner) },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    },
  };
}
