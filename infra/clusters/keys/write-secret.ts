import { keyMapText, type Keys } from "#infra/haproxy/key-map.ts";
import { ApiError, type ApiClient } from "#infra/kubernetes/api-client.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";
import { isOwnKeys, keysManager, metadataOf } from "#lib/targets/kubernetes/manifests/metadata.ts";
import { namespaceOf, objectNames, proxyPlaces } from "#lib/targets/kubernetes/settings.ts";

const kind = { apiVersion: "v1", kind: "Secret" };
const name = objectNames.proxyKeys;

/**
 * Lets a HAProxy that is started from now on know these keys. Changes nothing where the Secret says so already.
 *
 * @throws Error where another's Secret has the name: that is left as it is
 */
export async function writeSecret(
  api: ApiClient,
  deploymentId: string,
  keys: Keys,
  signal: AbortSignal,
): Promise<void> {
  const namespace = namespaceOf(deploymentId);
  const path = objectPath({ ...kind, namespace, name });
  const found = await api.find(path, signal);
  if (found && !isOwnKeys(found, deploymentId)) {
    throw new Error(`${namespace} has a Secret ${name} that isn't labelled as this deployment's. Delete it.`);
  }
  await api.request({
    method: "PATCH",
    path: `${path}?fieldManager=${keysManager}&force=true`,
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

/** Deletes the Secret, or finds it gone. Another's of that name stays. */
export async function deleteSecret(api: ApiClient, deploymentId: string, signal: AbortSignal): Promise<void> {
  const path = objectPath({ ...kind, namespace: namespaceOf(deploymentId), name });
  const found = await api.find(path, signal);
  if (!found || !isOwnKeys(found, deploymentId)) return;
  const { uid } = found.metadata;
  const body = { apiVersion: "v1", kind: "DeleteOptions", ...(uid && { preconditions: { uid } }) };
  try {
    await api.request({ method: "DELETE", path, body, signal });
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
