import { configAnnotation, metadataOf, type Owner } from "#lib/targets/kubernetes/manifests/metadata.ts";
import { objectNames } from "#lib/targets/kubernetes/settings.ts";
import { secretInput } from "#lib/targets/secret-input.ts";

// A plan is shown and stored, so none of these holds its content: it names it. The annotation tells one content
// from another, so that a plan says when it changes.

/** The environment of the model's containers. */
export function envSecret(owner: Owner, contentHash: string) {
  return secret(objectNames.env, "Opaque", "env", owner, contentHash);
}

/** What the images are pulled with. */
export function pullSecret(owner: Owner, fingerprint: string) {
  return secret(objectNames.pull, "kubernetes.io/dockerconfigjson", "pull", owner, fingerprint);
}

/** The certificate that the endpoint serves with. */
export function tlsSecret(owner: Owner, fingerprint: string) {
  return secret(objectNames.tls, "kubernetes.io/tls", "tls", owner, fingerprint);
}

function secret(name: string, type: string, content: "env" | "pull" | "tls", owner: Owner, hash: string) {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: metadataOf(name, owner, { [configAnnotation]: hash }),
    type,
    stringData: secretInput(content),
  };
}
