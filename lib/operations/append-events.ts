import type { Tx } from "#lib/db.ts";
import type { OperationEvent } from "#lib/operations/events.ts";
import type { OperationStatus } from "#lib/operations/status.ts";
import { storableJson } from "#lib/operations/storable-json.ts";

export type TimedEvent = { at: Date; event: OperationEvent };

/**
 * Writes events to an operation, numbered on from its last one, in a single statement: the row's own lock gives
 * each batch its numbers, so they have no gap and no reader's cursor can miss one.
 *
 * @param guard what must still hold of the operation
 * @returns the number of the last event, or null (and nothing is written) if the guard doesn't hold
 */
export async function appendEvents(
  tx: Tx,
  operationId: string,
  events: TimedEvent[],
  guard: { statuses: OperationStatus[]; fence?: number },
): Promise<number | null> {
  const count = events.length;
  const fence = guard.fence ?? null;
  const rows = await tx.$queryRaw<{ last_seq: number }[]>`
    with numbered as (
      update operation set last_seq = last_seq + ${count}::int
      where id = ${operationId} and status = any(${guard.statuses})
        and (${fence}::int is null or fence = ${fence}::int)
      returning id, last_seq, attempt
    ), written as (
      insert into operation_event (operation_id, seq, at, attempt, kind, data)
      select numbered.id, numbered.last_seq - ${count}::int + item.place::int,
        (item.value ->> 'at')::timestamptz, numbered.attempt,
        item.value -> 'event' ->> 'kind', item.value -> 'event'
      from numbered, jsonb_array_elements(${storableJson(events)}::jsonb) with ordinality as item(value, place)
    )
    select last_seq from numbered`;
  return rows[0]?.last_seq ?? null;
}
