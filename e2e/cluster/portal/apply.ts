import { requestApi, type ApiServer } from "#e2e/cluster/api.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";

export type Manifest = { apiVersion: string; kind: string; metadata: { name: string; namespace?: string } };

/** Applies a manifest as it is, with an administrator's rights. */
export async function apply(admin: ApiServer, manifest: Manifest): Promise<void> {
  const { apiVersion, kind, metadata } = manifest;
  const path = objectPath({ apiVersion, kind, ...metadata });
  await requestApi(admin, `${path}?fieldManager=tests&force=true`, { method: "PATCH", body: manifest });
}
