/** How far a pod's log was read, by the times that the node gave its lines. */
export type LogPosition = {
  /** the container whose line was the last */
  container: string;
  /** of the newest line, as `lineTime` tells it */
  time: string;
  /** how many lines with that very time there were */
  same: number;
};

/**
 * The time before a line of a pod's log, in UTC and with all nine digits of its fraction, so that two can be compared
 * as text. `null` where there is none.
 */
export function lineTime(line: string): string | null {
  const found = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d) /.exec(line);
  if (!found) return null;
  const [, seconds, fraction = "", zone] = found;
  const at = new Date(`${seconds}${zone}`);
  if (Number.isNaN(at.getTime())) return null;
  return `${at.toISOString().slice(0, 19)}.${fraction.padEnd(9, "0")}Z`;
}

/** Tells lines that were read before from new ones. */
export class LineFilter {
  #position: LogPosition | null;
  /** lines of the position's own time that were seen again */
  #again = 0;
  #isCaughtUp: boolean;

  constructor(position: LogPosition | null) {
    this.#position = position;
    this.#isCaughtUp = position === null;
  }

  get position(): LogPosition | null {
    return this.#position;
  }

  /** Whether this line is new; then the position moves on to it. */
  take(time: string, container: string): boolean {
    const known = this.#position;
    if (known && !this.#isCaughtUp) {
      if (time < known.time) return false;
      if (time === known.time && ++this.#again <= known.same) return false;
    }
    this.#isCaughtUp = true;
    if (!known || time > known.time) this.#position = { container, time, same: 1 };
    // A clock that was put back doesn't put the position back: nothing is counted twice.
    else this.#position = { container, time: known.time, same: known.same + (time === known.time ? 1 : 0) };
    return true;
  }
}
