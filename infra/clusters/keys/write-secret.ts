import { keyMapText, type Keys } from "#infra/haproxy/key-map.ts";
import { ApiError, type ApiClient } from "#infra/kubernetes/api-client.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";
import { metadataOf } from "#lib/targets/kubernetes/manifests/metadata.ts";
import { namespaceOf, objectNames, proxyPlaces } from "#lib/targets/kubernetes/settings.ts";

/** Whose the Secret's field is, as the API server keeps it. */
const fieldManager = "sluice-keys";

const kind = { apiVersion: "v1", kind: "Secret" };
const name = objectNames.proxyKeys;

/** Lets a HAProxy that is started from now on know these keys. Changes nothing where the Secret says so already. */
export async function writeSecret(
  api: ApiClient,
  deploymentId: string,
  keys: Keys,
  signal: AbortSignal,
): Promise<void> {
  const namespace = namespaceOf(deploymentId);
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

/** Deletes the Secret, or finds it gone. */
export async function deleteSecret(api: ApiClient, deploymentId: string, signal: AbortSignal): Promise<void> {
  const path = objectPath({ ...kind, namespace: namespaceOf(deploymentId), name });
  try {
    await api.request({ method: "DELETE", path, signal });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
}

type PodTemplate = { template?: { spec?: { volumes?: { secret?: { secretName?: string } }[] } } };

/** Whether a HAProxy that is started now would wait for the Secret: what is in the cluster says so, not what was asked for. */
export async function isSecretWanted(
  api: ApiClient,
  deploymentId: string,
  signal: AbortSignal,
): Promise<boolean> {
  const proxy = { apiVersion: "apps/v1", kind: "Deployment", name: objectNames.proxy };
  const found = await api.find(objectPath({ ...proxy, namespace: namespaceOf(deploymentId) }), signal);
  const { template } = (found?.spec ?? {}) as PodTemplate;
  return (template?.spec?.volumes ?? []).some(({ secret }) => secret?.secretName === name);
}
