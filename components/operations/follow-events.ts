import { appendEvents } from "#components/operations/timeline.ts";
import type { RecordedEvent } from "#lib/operations/events.ts";

const LOOK_AGAIN_MS = 5_000;
const AFTER_FAILURE_MS = 2_000;

/** The portal won't give these events to this reader, however often it asks. */
export class Refused extends Error {}

export type Following = {
  /** asks now instead of by the timer */
  look(): void;
  stop(): void;
};

/**
 * Reads an operation's events until its last: at once, when told to, and by a timer, for a hint may be lost.
 * There is one timer and one request at a time, whatever fails: a portal that is away isn't asked more often.
 *
 * @param start.have the events that are here already
 * @param start.read the events after number `after`; throws `Refused` where asking again is no use
 * @param start.onEvents gets all events whenever there are more
 */
export function followEvents(start: {
  have: readonly RecordedEvent[];
  read: (after: number) => Promise<readonly RecordedEvent[]>;
  onEvents: (events: readonly RecordedEvent[]) => void;
}): Following {
  let have = start.have;
  let over = have.at(-1)?.kind === "ended";
  let reading = false;
  let again = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Reads until there is nothing more. */
  const catchUp = async (): Promise<void> => {
    do {
      again = false;
      const next = appendEvents(have, await start.read(have.at(-1)?.seq ?? 0));
      if (over || next === have) continue;
      have = next;
      over = have.at(-1)?.kind === "ended";
      again = true;
      start.onEvents(have);
    } while (again && !over);
  };
  const look = (): void => {
    if (over) return;
    if (reading) {
      again = true;
      return;
    }
    clearTimeout(timer);
    reading = true;
    void catchUp()
      .then(
        () => LOOK_AGAIN_MS,
        (error: unknown) => {
          // Else the portal or its database is away for a moment; the banner says so.
          if (error instanceof Refused) over = true;
          return AFTER_FAILURE_MS;
        },
      )
      .then((pause) => {
        reading = false;
        if (!over) timer = setTimeout(look, pause);
      });
  };

  look();
  return {
    look,
    stop() {
      over = true;
      clearTimeout(timer);
    },
  };
}
