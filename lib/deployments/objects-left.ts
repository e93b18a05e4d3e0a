import type { Tx } from "#lib/db.ts";
import type { Receipt } from "#lib/deployments/view.ts";
import { unseal, UnsealError, type SealingKey } from "#lib/secrets/seal.ts";
import { clusterPartsPrefix } from "#lib/targets/gke/leftover-owner.ts";
import { mainName } from "#lib/targets/gke/names.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { namespaceOf, objectNames } from "#lib/targets/kubernetes/settings.ts";
import { isPlannedType, resourceKey } from "#lib/targets/plan.ts";
import { resourceWord } from "#lib/targets/resource-words.ts";

/** One that was made: by its name in the plan, and by Google's name for it where the engine told that. */
type Known = { type: string; name: string; googleName?: string };

/**
 * What stays of a deployment that is given up, in words. By the engine's last memory of it, and by what the operations
 * made: after a run that died the memory that was kept is an older one, and it has what no operation's story tells of.
 *
 * @param of.project the Google project that it is in; null: it is in none
 */
export async function objectsLeft(
  tx: Tx,
  key: SealingKey,
  of: { id: string; project: string | null },
  { created, deleted }: Pick<Receipt, "created" | "deleted">,
): Promise<string[]> {
  const gone = new Set(deleted.map(resourceKey));
  const remembered = await lastState(tx, key, of.id);
  const known = new Set(remembered.map(resourceKey));
  const all: Known[] = [...remembered, ...created.filter((one) => !known.has(resourceKey(one)))];
  const left = all.filter((one) => !gone.has(resourceKey(one)));
  const [google, cluster] = [left.filter(isGoogles), left.filter((one) => !isGoogles(one))];
  // What is in a cluster that is listed itself goes with that.
  const hasOwnCluster = google.some(({ type }) => type === gkeTypes.cluster);
  return [
    ...google.map((one) => inProject(one, of.project)),
    ...madeByGke(of, new Set(all.map(({ type }) => type))),
    ...(hasOwnCluster ? [] : inNamespace(of.id, cluster)),
  ];
}

function isGoogles({ type }: Known): boolean {
  return type.startsWith("gcp:");
}

function inProject({ type, name, googleName }: Known, project: string | null): string {
  return `${resourceWord(type)} ${googleName ?? name} in the project ${project}`;
}

/**
 * What GKE and its controllers made can't be known without asking Google, so it is said how it is named. It may stay when
 * all that the engine made is gone.
 *
 * @param types of all that the engine ever made
 */
function madeByGke(
  { id, project }: { id: string; project: string | null },
  types: ReadonlySet<string>,
): string[] {
  if (project === null || types.size === 0) return [];
  const main = mainName(id);
  const isLayer4 = types.has(gkeTypes.address);
  const parts = [
    isLayer4
      ? `parts of a load balancer and its firewall rules named k8s2-…-${main}-…`
      : `groups of pods' addresses (NEGs) named ${main}-…`,
    ...(types.has(gkeTypes.cluster)
      ? [`machines, their groups, and firewall rules named ${clusterPartsPrefix(id)}…`]
      : []),
  ];
  return [`What GKE made for it in the project ${project}, as far as it is still there: ${parts.join("; ")}`];
}

function inNamespace(id: string, left: Known[]): string[] {
  const namespace = namespaceOf(id);
  const named = left.map(({ type, name }) => ({ kind: type.split(":").at(-1) ?? type, name }));
  // The worker's own, which the engine doesn't know of: it is there as soon as HAProxy is.
  const isProxied = named.some(({ kind, name }) => kind === "Deployment" && name === objectNames.proxy);
  const keys = isProxied ? [{ kind: "Secret", name: objectNames.proxyKeys }] : [];
  return [...named, ...keys].map(({ kind, name }) =>
    kind === "Namespace" ? `Namespace ${name}` : `${kind} ${namespace}/${name}`,
  );
}

type StateResource = { type: string; urn: string; inputs?: { name?: unknown } };
type State = {
  deployment?: {
    resources?: StateResource[];
    /** what was being made when the engine ended: it may be there */
    pending_operations?: { type: string; resource: StateResource }[];
  };
};

async function lastState(tx: Tx, key: SealingKey, id: string): Promise<Known[]> {
  const row = await tx.stackExport.findFirst({
    where: { operation: { deploymentId: id } },
    orderBy: { takenAt: "desc" },
  });
  if (!row) return [];
  try {
    const { deployment = {} } = JSON.parse(unseal(key, id, row.sealed)) as State;
    const pending = (deployment.pending_operations ?? []).filter(({ type }) => type === "creating");
    const all = [...(deployment.resources ?? []), ...pending.map(({ resource }) => resource)]
      .filter(({ type }) => isPlannedType(type))
      .map(({ type, urn, inputs }): Known => {
        const googleName = typeof inputs?.name === "string" ? inputs.name : undefined;
        return { type, name: urn.split("::").at(-1) ?? "", googleName };
      });
    return [...new Map(all.map((one) => [resourceKey(one), one])).values()];
  } catch (error) {
    // Sealed with another key: what the operations made is known all the same.
    if (error instanceof UnsealError) return [];
    throw error;
  }
}
