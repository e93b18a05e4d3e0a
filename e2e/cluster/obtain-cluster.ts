import { ClusterError } from "#e2e/cluster/cluster-error.ts";
import { obtainKubernetes } from "#e2e/cluster/obtain-kubernetes.ts";
import { obtainPackages } from "#e2e/cluster/obtain-packages.ts";
import { obtainTraefik } from "#e2e/cluster/obtain-traefik.ts";
import { run } from "#infra/tools/run.ts";
import type { Obtaining } from "#infra/tools/tool.ts";

/** What startCluster is given. */
export type ClusterPrograms = { kubernetes: string; traefik: string };

/**
 * Gets all that a test cluster is made of. This needs the machine's own network, so it comes before the namespace;
 * in there, it finds what is in the cache.
 *
 * @throws ClusterError `not_root`, `packages_missing` or `no_namespaces` where a cluster can't run; ToolError
 */
export async function obtainCluster(options: Obtaining & { searchPath: string }): Promise<ClusterPrograms> {
  await obtainPackages(options);
  await requireNamespaces();
  const traefik = await obtainTraefik(options);
  const kubernetes = await obtainKubernetes(options);
  return { kubernetes: kubernetes.path, traefik: traefik.path };
}

/** Some containers run as root and may make none. */
async function requireNamespaces(): Promise<void> {
  const { code, output } = await run("unshare", [
    "--net",
    "--mount",
    "--pid",
    "--fork",
    "--mount-proc",
    "true",
  ]);
  if (code === 0) return;
  throw new ClusterError(
    "no_namespaces",
    `Root may make no network namespace here (${output}). Run it elsewhere.`,
  );
}
