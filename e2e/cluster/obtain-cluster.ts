import { obtainKubernetes } from "#e2e/cluster/obtain-kubernetes.ts";
import { obtainPackages } from "#e2e/cluster/obtain-packages.ts";
import { obtainTraefik } from "#e2e/cluster/obtain-traefik.ts";
import type { Obtaining } from "#infra/tools/tool.ts";

/** What startCluster is given. */
export type ClusterPrograms = { kubernetes: string; traefik: string };

/**
 * Gets all that a test cluster is made of. This needs the machine's own network, so it comes before the namespace;
 * in there, it finds what is in the cache.
 *
 * @throws ClusterError `not_root` or `packages_missing` where a cluster can't run; ToolError
 */
export async function obtainCluster(options: Obtaining & { searchPath: string }): Promise<ClusterPrograms> {
  await obtainPackages(options);
  const traefik = await obtainTraefik(options);
  const kubernetes = await obtainKubernetes(options);
  return { kubernetes: kubernetes.path, traefik: traefik.path };
}
