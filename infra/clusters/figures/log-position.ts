/** How far a pod's log was read, by the times that the node gave its lines. */
export type LogPosition = {
  /** the container whose line was the last */
  container: string;
  /** of the newest line, as `parseTimedLine` tells it */
  time: string;
  /** how many lines with that very time there were */
  same: number;
};

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
