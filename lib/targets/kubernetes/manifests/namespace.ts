import { labelsOf, type Owner } from "#lib/targets/kubernetes/manifests/metadata.ts";

/** A deployment's own namespace. Its labels say whose it is, before anything in it is touched. */
export function namespaceManifest(owner: Owner) {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: owner.namespace, labels: labelsOf(owner) },
  };
}
