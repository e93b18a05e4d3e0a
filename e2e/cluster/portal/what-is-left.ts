import type { KubernetesObject } from "#e2e/cluster/api.ts";
import type { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";

type Resource = { name: string; kind: string; verbs: string[] };

/**
 * Kubernetes files what it has to say of a Service's Endpoints that it couldn't make, as the namespace was about to go,
 * under `default` until it expires (kubernetes/kubernetes#141508).
 */
function isMisfiled(kind: string, { reason, metadata }: KubernetesObject): boolean {
  return kind === "Event" && reason === "FailedToCreateEndpoint" && metadata.namespace === "default";
}

/** Every object of whatever kind in the API server in which the deployment's id stands, as `kind namespace/name`. */
export async function whatIsLeft(on: OnCluster, { id }: { id: string }): Promise<string[]> {
  const { groups } = await on.request("/apis");
  const versions = (groups as { preferredVersion: { groupVersion: string } }[])
    .map(({ preferredVersion }) => preferredVersion.groupVersion)
    // Measured, not kept.
    .filter((version) => !version.startsWith("metrics.k8s.io/"));
  const left: string[] = [];
  for (const base of ["/api/v1", ...versions.map((version) => `/apis/${version}`)]) {
    const { resources } = await on.request(base);
    for (const { name, kind, verbs } of resources as Resource[]) {
      if (name.includes("/") || !verbs.includes("list")) continue;
      const { items } = await on.request(`${base}/${name}`);
      for (const object of items as KubernetesObject[]) {
        const { namespace = "", name } = object.metadata as { namespace?: string; name: string };
        if (isMisfiled(kind, object)) continue;
        if (JSON.stringify(object).includes(id)) left.push(`${kind} ${namespace}/${name}`);
      }
    }
  }
  return left;
}
