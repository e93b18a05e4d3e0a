import { publish } from "#lib/changes/publish.ts";
import type { Db } from "#lib/db.ts";
import { lockDeployment } from "#lib/operations/lock-deployment.ts";
import { readDrift, type DriftItem } from "#lib/targets/drift.ts";

/** What a look saw, or why it saw nothing. */
export type Seen = { items: DriftItem[] } | { trouble: string };

/**
 * Writes down what a look at a deployment found, unless an operation came in between: then it tells of something that
 * isn't so any more.
 *
 * @param look.fence the deployment's, when the look began
 * @returns whether it was written
 */
export async function recordDrift(
  db: Db,
  look: { deploymentId: string; fence: number; seen: Seen; at: Date },
): Promise<boolean> {
  const { deploymentId, fence, seen, at } = look;
  return db.$transaction(async (tx) => {
    await lockDeployment(tx, deploymentId);
    const row = await tx.deployment.findFirst({
      where: {
        id: deploymentId,
        fence,
        status: { not: "destroyed" },
        operations: { none: { status: { in: ["queued", "running"] } } },
      },
      select: { drift: true },
    });
    if (!row) return false;
    const before = readDrift(row.drift);
    const drift =
      "items" in seen
        ? { checkedAt: at.toISOString(), items: seen.items, trouble: null }
        : {
            checkedAt: before?.checkedAt ?? null,
            items: before?.items ?? [],
            trouble: { at: at.toISOString(), message: seen.trouble },
          };
    await tx.deployment.update({ where: { id: deploymentId }, data: { drift } });
    await publish(tx, { topic: "deployment", deploymentId });
    return true;
  });
}
