/** A line of a container's log as the API server gives it with `timestamps=true`. */
export type TimedLine = {
  /** in UTC and with all nine digits of its fraction, so that times compare as texts */
  time: string;
  line: string;
};

/** `null` for what has no time: it isn't of the log, the kubelet puts its own excuses there. */
export function parseTimedLine(text: string): TimedLine | null {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d) ?(.*)$/s.exec(text);
  if (!parts) return null;
  const [, second, fraction = "", zone, line = ""] = parts;
  const at = new Date(`${second}${zone}`);
  if (Number.isNaN(at.getTime())) return null;
  return { time: `${at.toISOString().slice(0, 19)}.${fraction.padEnd(9, "0")}Z`, line };
}
