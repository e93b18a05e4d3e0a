import { keyMapText, type Keys } from "#infra/haproxy/key-map.ts";
import type { ApiClient } from "#infra/kubernetes/api-client.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";
import { metadataOf } from "#lib/targets/kubernetes/manifests/metadata.ts";
import { namespaceOf, objectNames, proxyPlaces } from "#lib/targets/kubernetes/settings.ts";

/** Whose the Secret's field is, as the API server keeps it. */
const fieldManager = "sluice-keys";

/** Lets a HAProxy that is started from now on know these keys. Changes nothing where the Secret says so already. */
export async function writeSecret(
  api: ApiClient,
  deploymentId: string,
  keys: Keys,
  signal: AbortSignal,
): Promise<void> {
  const kind = { apiVersion: "v1", kind: "Secret" };
  const namespace = namespaceOf(deploymentId);
  const name = objectNames.proxyKeys;
  await api.request({
    method: "PATCH",
    path: `${objectPath({ ...kind, namespace, name })}?fieldManager=${fieldManager}&force=true`,
    contentType: "application/apply-patch+yaml",
    body: {
      ...kind,
      metadata: metadataOf(name, { deploymentId, namespace }),
      type: "Opaque",
      data: { [proxyPlaces.keyFile]: Buffer.from(keyMapText(keys)).toString("base64") },
    },
    signal,
  });
}
