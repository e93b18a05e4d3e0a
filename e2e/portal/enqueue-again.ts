import { addressOf } from "#e2e/portal/database.ts";
import { openDb } from "#lib/db.ts";
import { enqueue } from "#lib/operations/enqueue.ts";

/**
 * Has the worker bring a deployment once more to where it is: what nobody can ask the portal for, since it would change
 * nothing.
 *
 * @returns the operation's id
 */
export async function enqueueAgain(deploymentId: string): Promise<string> {
  const db = openDb(addressOf("databaseUrl"), 1);
  try {
    return await db.$transaction(async (tx) => {
      const { revisionId } = await tx.deployment.findUniqueOrThrow({ where: { id: deploymentId } });
      if (!revisionId) throw new Error(`${deploymentId} has no revision.`);
      const actor = { type: "system", reason: "the same once more" } as const;
      return enqueue(tx, { deploymentId, revisionId, kind: "update", actor, now: new Date() });
    });
  } finally {
    await db.$disconnect();
  }
}
