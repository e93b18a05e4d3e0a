import { publish } from "#lib/changes/publish.ts";
import type { Db } from "#lib/db.ts";
import type { ProjectFindings } from "#lib/targets/gke/findings.ts";
import type { Findings } from "#lib/targets/kubernetes/findings.ts";

/**
 * Writes down what a check found, unless the target was removed or got other credentials meanwhile: then it tells of
 * something that isn't so any more. What a later check found stays, too.
 *
 * @param check.credentials the sealed ones that the check used; null: the worker's own account
 * @param check.clusterUid uid of the namespace kube-system, where it was seen, of a cluster; the first one seen is kept
 * @param check.at when it began
 * @returns whether it was written
 */
export async function recordFindings(
  db: Db,
  check: {
    targetId: string;
    credentials: string | null;
    clusterUid: string | null;
    findings: Findings | ProjectFindings;
    at: Date;
  },
): Promise<boolean> {
  const { targetId, credentials, clusterUid, findings, at } = check;
  return db.$transaction(async (tx) => {
    const where = { id: targetId, credentials, removedAt: null };
    const isNewest = { OR: [{ checkedAt: null }, { checkedAt: { lte: at } }] };
    const { count } = await tx.target.updateMany({
      where: { ...where, ...isNewest },
      data: { findings, checkedAt: at },
    });
    if (count === 0) return false;
    if (clusterUid)
      await tx.target.updateMany({ where: { ...where, clusterUid: null }, data: { clusterUid } });
    await publish(tx, { topic: "targets" });
    return true;
  });
}
