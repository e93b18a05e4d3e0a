import { actorIdOf } from "#lib/audit/record.ts";
import { publish } from "#lib/changes/publish.ts";
import type { Actor } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { appendEvents } from "#lib/operations/append-events.ts";
import { lockDeployment } from "#lib/operations/lock-deployment.ts";
import type { OperationKind } from "#lib/operations/status.ts";

/**
 * Queues an operation, in the caller's transaction. A deployment's operations run one at a time, in the order
 * in which they were queued. The deployment's status changes when a worker begins it, not here.
 *
 * @returns the operation's id
 */
export async function enqueue(
  tx: Tx,
  input: { deploymentId: string; revisionId: string; kind: OperationKind; actor: Actor; now: Date },
): Promise<string> {
  const { deploymentId, revisionId, kind, actor, now } = input;
  await lockDeployment(tx, deploymentId);
  const newest = await tx.operation.findFirst({
    where: { deploymentId },
    orderBy: { queuedAt: "desc" },
    select: { queuedAt: true },
  });
  // The queue's order is its times: two of one millisecond would have none.
  const queuedAt = newest && newest.queuedAt >= now ? new Date(newest.queuedAt.getTime() + 1) : now;
  const id = newId("op");
  const actorId = actorIdOf(actor);
  await tx.operation.create({
    data: { id, deploymentId, revisionId, kind, actorType: actor.type, actorId, queuedAt },
  });
  const event = { kind: "stage_started", stage: "queued" } as const;
  const seq = await appendEvents(tx, id, [{ at: queuedAt, event }], { statuses: ["queued"] });
  await publish(tx, { topic: "operation", deploymentId, operationId: id, seq: seq ?? 0 });
  return id;
}
