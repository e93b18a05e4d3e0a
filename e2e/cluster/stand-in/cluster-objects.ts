import { waitFor, waitUntilGone } from "#e2e/cluster/stand-in/wait-for.ts";
import { ApiError, type ApiClient, type KubernetesObject } from "#infra/kubernetes/api-client.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";

const fieldManager = "pulumi-kubernetes-stand-in";

/** An object was made or changed, but didn't become ready: what is there must be remembered all the same. */
export class Unready extends Error {
  override readonly name = "Unready";
  readonly object: KubernetesObject;

  constructor(object: KubernetesObject, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.object = object;
  }
}

type Run = { api: ApiClient; forces: boolean; timeoutSeconds: number; signal: AbortSignal };

export function pathOf(object: KubernetesObject): string {
  return objectPath({ ...object, namespace: object.metadata.namespace, name: object.metadata.name });
}

/** @throws ApiError `AlreadyExists` if it is there, unless it may be taken over; Unready */
export async function create(
  run: Run,
  object: KubernetesObject,
  upserts: boolean,
): Promise<KubernetesObject> {
  if (!upserts && (await run.api.find(pathOf(object), run.signal))) {
    throw new ApiError(409, "AlreadyExists", `${object.kind} "${object.metadata.name}" already exists`);
  }
  return apply(run, object);
}

/** Server-side apply: the API server itself works out what changes. @throws ApiError or Unready */
export async function apply(run: Run, object: KubernetesObject): Promise<KubernetesObject> {
  const { api, forces, timeoutSeconds, signal } = run;
  const applied = (await api.request({
    method: "PATCH",
    path: `${pathOf(object)}?fieldManager=${fieldManager}&force=${forces}`,
    body: object,
    contentType: "application/apply-patch+yaml",
    signal,
  })) as KubernetesObject;
  try {
    return await waitFor(api, applied, timeoutSeconds, signal);
  } catch (error) {
    throw new Unready((await api.find(pathOf(object)).catch(() => null)) ?? applied, error);
  }
}

/** Deletes what was made, its dependants first, and waits until it is gone. Nothing there is no error. */
export async function remove({ api, timeoutSeconds, signal }: Run, object: KubernetesObject): Promise<void> {
  try {
    const body = { propagationPolicy: "Foreground" };
    await api.request({ method: "DELETE", path: pathOf(object), body, signal });
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return;
    throw error;
  }
  await waitUntilGone(api, pathOf(object), timeoutSeconds, signal);
}
