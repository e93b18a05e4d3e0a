import type { Actor } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import type { Prisma } from "#prisma/generated/client.ts";

/**
 * Writes one audit row, in the transaction of what it tells of.
 *
 * @param action `entity.verb`, such as `deployment.create`
 * @param detail what a reader needs to understand it; never a secret
 */
export async function recordAudit(
  tx: Tx,
  actor: Actor,
  action: string,
  subjectId: string,
  detail: Prisma.InputJsonObject = {},
  at: Date = new Date(),
): Promise<void> {
  const actorId = actorIdOf(actor);
  await tx.auditEntry.create({ data: { at, actorType: actor.type, actorId, action, subjectId, detail } });
}

/** What tells an actor from others of its type: an id, or the reason the system gives. */
export function actorIdOf(actor: Actor): string | null {
  switch (actor.type) {
    case "user":
    case "worker":
      return actor.id;
    case "runtime":
      return null;
    case "system":
      return actor.reason;
  }
}
