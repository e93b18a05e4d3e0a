import type { Context } from "#lib/context.ts";
import type { RecordedEvent } from "#lib/operations/events.ts";
import { listEvents } from "#lib/operations/list-events.ts";
import type { ChangeHub } from "#lib/web/change-hub.ts";
import type { EventWriter } from "#lib/web/event-stream.ts";
import { asSluiceError } from "#lib/web/unexpected.ts";

const pageSize = 100;
/** Rows are read again this often even without a hint: a hint is never needed, only quicker. */
const lookAgainMs = 5_000;

/**
 * Streams an operation's events from its rows, after number `after`, until it has ended. A reader that comes
 * back with the number of the last event it saw gets neither a gap nor a repeat. While the database is away it
 * waits.
 */
export async function streamOperationEvents(
  ctx: Context,
  hub: ChangeHub,
  input: { operationId: string; after: number },
  writer: EventWriter,
): Promise<void> {
  const hints = new Hints(writer.signal);
  const stopListening = hub.listen((change) => {
    if (change === "lost") return;
    if (change === "gap" || (change.topic === "operation" && change.operationId === input.operationId))
      hints.wake();
  });
  try {
    let after = input.after;
    while (!writer.signal.aborted) {
      const page = await readPage(ctx, input.operationId, after);
      for (const event of page.events) writer.send({ id: event.seq, data: event });
      after = page.events.at(-1)?.seq ?? after;
      if (page.last) return;
      if (page.events.length < pageSize) await hints.next(lookAgainMs);
    }
  } finally {
    stopListening();
  }
}

type Page = { events: RecordedEvent[]; last: boolean };

/** A reader isn't sent away because the database is away for a moment: there is nothing new then. */
async function readPage(ctx: Context, operationId: string, after: number): Promise<Page> {
  try {
    const events = await listEvents(ctx, { operationId, after, limit: pageSize });
    const newest = events.at(-1);
    return { events, last: newest ? newest.kind === "ended" : await endedBefore(ctx, operationId, after) };
  } catch (error) {
    const known = asSluiceError(error);
    if (known.code !== "unavailable") throw known;
    return { events: [], last: false };
  }
}

/** Whether the reader has seen the last event already, so that it isn't kept waiting for more. */
async function endedBefore(ctx: Context, operationId: string, after: number): Promise<boolean> {
  const row = await ctx.db.operation.findUnique({
    where: { id: operationId },
    select: { lastSeq: true, status: true },
  });
  return !row || (row.lastSeq <= after && row.status !== "queued" && row.status !== "running");
}

/** Remembers a hint that came while nobody waited. */
class Hints {
  #pending = false;
  #waiter: (() => void) | null = null;

  constructor(signal: AbortSignal) {
    signal.addEventListener("abort", () => this.wake());
  }

  wake(): void {
    this.#pending = true;
    this.#waiter?.();
  }

  async next(atMostMs: number): Promise<void> {
    if (!this.#pending) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, atMostMs);
        this.#waiter = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#waiter = null;
    this.#pending = false;
  }
}
