import type { Context } from "#lib/context.ts";
import { listEvents } from "#lib/operations/list-events.ts";
import type { ChangeHub } from "#lib/web/change-hub.ts";
import type { EventWriter } from "#lib/web/event-stream.ts";

const pageSize = 500;
/** Rows are read again this often even without a hint: a hint is never needed, only quicker. */
const lookAgainMs = 5_000;

/**
 * Streams an operation's events from its rows, after number `after`, until it has ended. A reader that comes
 * back with the number of the last event it saw gets neither a gap nor a repeat.
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
      const events = await listEvents(ctx, { operationId: input.operationId, after, limit: pageSize });
      for (const event of events) writer.send({ id: event.seq, data: event });
      const last = events.at(-1);
      if (last) after = last.seq;
      if (last?.kind === "ended") return;
      if (!last && (await endedBefore(ctx, input.operationId, after))) return;
      if (events.length < pageSize) await hints.next(lookAgainMs);
    }
  } finally {
    stopListening();
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
