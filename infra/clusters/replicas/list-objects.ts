import type { Cluster } from "#infra/clusters/ask-cluster.ts";
import type { Autoscaler } from "#infra/clusters/replicas/autoscaler.ts";
import type { Pod } from "#infra/clusters/replicas/pod.ts";
import { ApiError, type KubernetesObject } from "#infra/kubernetes/api-client.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";
import type { Condition } from "#infra/targets/kubernetes/troubles.ts";
import { labelKeys, managedBy } from "#lib/targets/kubernetes/manifests/metadata.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";

export type DeploymentObject = KubernetesObject & {
  spec: { replicas?: number };
  status?: { conditions?: Condition[] };
};

/** What a cluster has of the model servers of one deployment. */
export type ModelObjects = { pods: Pod[]; deployments: DeploymentObject[]; autoscalers: Autoscaler[] };

const kinds = {
  pods: { apiVersion: "v1", kind: "Pod" },
  deployments: { apiVersion: "apps/v1", kind: "Deployment" },
  autoscalers: { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" },
} as const;

/**
 * The model servers' objects of these deployments: by three questions for all namespaces together, or where the account
 * may not ask that, namespace by namespace. What somebody else labelled as ours in another namespace isn't taken.
 *
 * @throws ApiError or ApiUnreachable
 */
export async function listObjects(
  cluster: Cluster,
  deploymentIds: string[],
): Promise<Map<string, ModelObjects>> {
  const namespaces = deploymentIds.map(namespaceOf);
  const [pods, deployments, autoscalers] = await Promise.all([
    list<Pod>(cluster, "pods", namespaces),
    list<DeploymentObject>(cluster, "deployments", namespaces),
    list<Autoscaler>(cluster, "autoscalers", namespaces),
  ]);
  return new Map(
    deploymentIds.map((id) => {
      const isOf = ({ metadata: { namespace, labels } }: KubernetesObject) =>
        namespace === namespaceOf(id) && labels?.[labelKeys.deployment] === id;
      const found = {
        pods: pods.filter(isOf),
        deployments: deployments.filter(isOf),
        autoscalers: autoscalers.filter(isOf),
      };
      return [id, found];
    }),
  );
}

/** Those of one deployment alone. @throws ApiError or ApiUnreachable */
export async function listObjectsOf(cluster: Cluster, deploymentId: string): Promise<ModelObjects> {
  const namespace = namespaceOf(deploymentId);
  const [pods, deployments, autoscalers] = await Promise.all([
    listIn<Pod>(cluster, "pods", namespace),
    listIn<DeploymentObject>(cluster, "deployments", namespace),
    listIn<Autoscaler>(cluster, "autoscalers", namespace),
  ]);
  return { pods, deployments, autoscalers };
}

async function list<Item>(cluster: Cluster, kind: keyof typeof kinds, namespaces: string[]): Promise<Item[]> {
  try {
    return await listIn(cluster, kind);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 403)) throw error;
  }
  const found: Item[] = [];
  for (const namespace of namespaces) found.push(...(await listIn<Item>(cluster, kind, namespace)));
  return found;
}

/** @param namespace without it, all are asked */
function listIn<Item>(cluster: Cluster, kind: keyof typeof kinds, namespace?: string): Promise<Item[]> {
  const selector = encodeURIComponent(`${labelKeys.managedBy}=${managedBy},${labelKeys.role}=model`);
  const path = `${objectPath({ ...kinds[kind], namespace })}?labelSelector=${selector}`;
  return cluster.list(path) as Promise<Item[]>;
}
