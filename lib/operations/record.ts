import { publish } from "#lib/changes/publish.ts";
import type { Db } from "#lib/db.ts";
import { appendEvents, type TimedEvent } from "#lib/operations/append-events.ts";

/**
 * Writes a batch of events of a running operation, with one notification.
 *
 * @returns the last event's number, or null if a newer attempt took over (nothing is written)
 */
export async function record(
  db: Db,
  operation: { operationId: string; deploymentId: string; fence: number },
  events: TimedEvent[],
): Promise<number | null> {
  const { operationId, deploymentId, fence } = operation;
  return db.$transaction(async (tx) => {
    const seq = await appendEvents(tx, operationId, events, { statuses: ["running"], fence });
    if (seq !== null) await publish(tx, { topic: "operation", deploymentId, operationId, seq });
    return seq;
  });
}
