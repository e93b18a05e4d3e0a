import { askApi, requestApi, type ApiServer, type KubernetesObject } from "#e2e/cluster/api.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";

/**
 * Ends all pods of a namespace without their grace. Resolves when none is there.
 *
 * @throws ClusterError `timed_out`
 */
export async function endPods(admin: ApiServer, namespace: string): Promise<void> {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  await askApi(admin, `/apis/apps/v1/namespaces/${namespace}/deployments`, { method: "DELETE" });
  await waitUntil(`the pods of ${namespace} to be gone`, async () => {
    await askApi(admin, `${pods}?gracePeriodSeconds=0`, { method: "DELETE" });
    return ((await requestApi(admin, pods)).items as KubernetesObject[]).length === 0;
  });
}

/**
 * Takes a namespace away with all that is in it, its pods first: for what has a grace in a namespace that goes, the
 * cluster waits half of that before it looks again. Resolves when it is gone.
 *
 * @throws ClusterError `timed_out`
 */
export async function removeNamespace(admin: ApiServer, name: string): Promise<void> {
  const path = `/api/v1/namespaces/${name}`;
  if ((await askApi(admin, path)).status === 404) return;
  await endPods(admin, name);
  await askApi(admin, path, { method: "DELETE" });
  await waitUntil(`${name} to be gone`, async () => (await askApi(admin, path)).status === 404);
}
