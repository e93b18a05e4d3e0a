import { publish } from "#lib/changes/publish.ts";
import type { Db, Tx } from "#lib/db.ts";
import { appendEvents, type TimedEvent } from "#lib/operations/append-events.ts";
import { storableJson } from "#lib/operations/storable-json.ts";

/**
 * Writes a batch of events of a running operation, with one notification.
 *
 * @param doubtAfter given when an earlier try of this batch had no answer, so that it may be written: the number
 *   of the last event that surely was
 * @returns the last event's number, or null if a newer attempt took over (nothing is written)
 */
export async function record(
  db: Db,
  operation: { operationId: string; deploymentId: string; fence: number },
  events: TimedEvent[],
  doubtAfter: number | null = null,
): Promise<number | null> {
  const { operationId, deploymentId, fence } = operation;
  return db.$transaction(async (tx) => {
    const already = doubtAfter === null ? null : await findWritten(tx, operationId, events, doubtAfter);
    if (already !== null) return already;
    const seq = await appendEvents(tx, operationId, events, { statuses: ["running"], fence });
    if (seq !== null) {
      await publish(tx, { topic: "operation", deploymentId, operationId, seq, byWorker: true });
    }
    return seq;
  });
}

/** A batch is written whole or not at all, so its first event stands for it. */
async function findWritten(
  tx: Tx,
  operationId: string,
  events: TimedEvent[],
  after: number,
): Promise<number | null> {
  const first = events[0];
  if (!first) return null;
  const rows = await tx.$queryRaw<{ seq: number }[]>`
    select seq from operation_event
    where operation_id = ${operationId} and seq > ${after} and at = ${first.at}
      and data = ${storableJson(first.event)}::jsonb
    order by seq limit 1`;
  return rows[0] ? rows[0].seq + events.length - 1 : null;
}
