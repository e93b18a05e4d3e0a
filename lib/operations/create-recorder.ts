import { isDatabaseAway } from "#lib/database-away.ts";
import type { TimedEvent } from "#lib/operations/append-events.ts";
import type { OperationEvent } from "#lib/operations/events.ts";
import { secretMask } from "#lib/operations/mask-secrets.ts";

export type Recorder = {
  /** Takes an event; it is written with others within 50 ms, in the order of these calls. */
  add(event: OperationEvent, at?: Date): void;
  /** Resolves when all that was added is written, or the operation is lost. */
  flush(): Promise<void>;
};

/** How often a batch is tried that the database refuses though it is there: a deadlock passes, bad data doesn't. */
const triesOfRefused = 3;

/**
 * Collects events and writes them in batches. While the database is away it keeps them and tries again. What it
 * refuses for good is given up: an operation must come to its end whatever of its story can't be told.
 *
 * @param options.write `record` bound to an operation; null: the operation is no longer this worker's
 * @param options.onLost is called once, when a write says so; what comes later is dropped
 * @param options.onRefused is told of each batch that was given up
 * @param options.secrets texts that must not be written anywhere: they become `[secret]`
 * @param options.batchMs how long a batch is collected; one notification per 50 ms costs writers little
 */
export function createRecorder(options: {
  write(events: TimedEvent[], doubtAfter: number | null): Promise<number | null>;
  onLost(): void;
  onRefused?(error: unknown): void;
  secrets?: string[];
  batchMs?: number;
  retryMs?: number;
  now?: () => Date;
}): Recorder {
  const { write, onLost, onRefused, batchMs = 50, retryMs = 500, now = () => new Date() } = options;
  const mask = secretMask(options.secrets ?? []);
  let waiting: TimedEvent[] = [];
  let lost = false;
  let lastSeq = 0;
  let writing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  const drain = async () => {
    while (waiting.length > 0 && !lost) {
      const batch = waiting;
      waiting = [];
      const seq = await writeSurely(batch);
      if (seq === null) {
        lost = true;
        onLost();
      } else {
        lastSeq = seq;
      }
    }
  };

  /** While the database is away, a batch is tried again as it is: a try without an answer may have worked. */
  const writeSurely = async (batch: TimedEvent[]): Promise<number | null> => {
    let refused = 0;
    for (let doubtAfter: number | null = null; ; doubtAfter = lastSeq) {
      try {
        return await write(batch, doubtAfter);
      } catch (error) {
        if (!isDatabaseAway(error) && ++refused >= triesOfRefused) {
          onRefused?.(error);
          return lastSeq;
        }
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  };

  const flush = async () => {
    clearTimeout(timer);
    timer = undefined;
    writing ??= drain().finally(() => {
      writing = null;
    });
    await writing;
    if (waiting.length > 0 && !lost) await flush();
  };

  return {
    add(event, at = now()) {
      if (lost) return;
      waiting.push({ at, event: masked(event, mask) });
      timer ??= setTimeout(() => void flush(), batchMs);
    },
    flush,
  };
}

function masked(event: OperationEvent, mask: (text: string) => string): OperationEvent {
  if (event.kind === "log") return { ...event, text: mask(event.text) };
  if (event.kind === "ended") return { ...event, message: event.message && mask(event.message) };
  return event;
}
