import { publish } from "#lib/changes/publish.ts";
import type { Db } from "#lib/db.ts";
import type { Findings } from "#lib/targets/kubernetes/findings.ts";

/**
 * Writes down what a check found, unless the target was removed or got another kubeconfig meanwhile: then it tells of
 * something that isn't so any more. What a later check found stays, too.
 *
 * @param check.kubeconfig the sealed one that the check used
 * @param check.clusterUid uid of the namespace kube-system, where it was seen; the first one seen is kept
 * @param check.at when it began
 * @returns whether it was written
 */
export async function recordFindings(
  db: Db,
  check: { targetId: string; kubeconfig: string; clusterUid: string | null; findings: Findings; at: Date },
): Promise<boolean> {
  const { targetId, kubeconfig, clusterUid, findings, at } = check;
  return db.$transaction(async (tx) => {
    const where = { id: targetId, kubeconfig, removedAt: null };
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
