import { parseTimedLine, type TimedLine } from "#infra/kubernetes/timed-line.ts";

/**
 * How far a pod's log has been read: up to a time, with nanoseconds and in UTC so that times compare as texts, and how
 * many of its lines have exactly that time.
 */
export type LogPosition = { time: string; count: number };

/** Before every time. */
export const nothingRead: LogPosition = { time: "-", count: 0 };

/** As it is stored in `replica.log_read_to`. */
export function writePosition({ time, count }: LogPosition): string {
  return `${time} ${count}`;
}

export function readPosition(stored: string | null): LogPosition {
  const parts = /^(\S+) (\d+)$/.exec(stored ?? "");
  return parts ? { time: parts[1]!, count: Number(parts[2]) } : nothingRead;
}

/** For `sinceTime`, which counts whole seconds; null where nothing has been read. */
export function sinceTime({ time }: LogPosition): string | null {
  return time === nothingRead.time ? null : `${time.slice(0, 19)}Z`;
}

/** The milliseconds of a line's time. */
export function dateOf(time: string): Date {
  return new Date(`${time.slice(0, 23)}Z`);
}

/**
 * The lines of a log with `timestamps=true`. One that isn't whole, since the answer was cut off in it, is left for the
 * next time.
 */
export function parseLog(text: string): TimedLine[] {
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return whole.split("\n").flatMap((one) => {
    const timed = parseTimedLine(one);
    return timed ? [{ ...timed, line: clean(timed.line) }] : [];
  });
}

/** What of these lines comes after a position, and the position after that. */
export function linesAfter(lines: TimedLine[], from: LogPosition): { fresh: TimedLine[]; to: LogPosition } {
  let again = from.count;
  const fresh = lines.filter(({ time }) => time > from.time || (time === from.time && again-- <= 0));
  const { time } = fresh.at(-1) ?? from;
  const atLast = fresh.filter((line) => line.time === time).length;
  const count = time === from.time ? from.count + atLast : atLast;
  return { fresh, to: { time, count } };
}

/** Postgres takes no zero bytes, and nobody reads colour codes. */
function clean(line: string): string {
  return line.replaceAll(/\u001b\[[0-9;]*m|\0|\r/g, "");
}
