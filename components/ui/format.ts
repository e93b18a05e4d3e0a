const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span in the one unit that tells most: `12 s`, `4 min`, `3 h`, `9 d`. */
export function formatAge(ms: number): string {
  const span = Math.max(0, ms);
  if (span < MINUTE) return `${Math.floor(span / SECOND)} s`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)} min`;
  if (span < 2 * DAY) return `${Math.floor(span / HOUR)} h`;
  return `${Math.floor(span / DAY)} d`;
}

/** What is left of a time: two units, for the smaller one matters as it runs out. */
export function formatLeft(ms: number): string {
  if (ms <= 0) return "over";
  if (ms < MINUTE) return `${Math.ceil(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.ceil(ms / MINUTE)} min`;
  if (ms < DAY) return join(Math.floor(ms / HOUR), "h", Math.floor((ms % HOUR) / MINUTE), "min");
  return join(Math.floor(ms / DAY), "d", Math.floor((ms % DAY) / HOUR), "h");
}

function join(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}

/** How long something took: `340 ms`, `2.4 s`, `1 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < HOUR) return join(Math.floor(ms / MINUTE), "min", Math.floor((ms % MINUTE) / SECOND), "s");
  return join(Math.floor(ms / HOUR), "h", Math.floor((ms % HOUR) / MINUTE), "min");
}

/** A latency with three figures, `1.84 ms`, `12.3 ms`, `1.25 s`; what was counted in whole milliseconds says no more: `4 ms`. */
export function formatLatency(ms: number): string {
  if (ms < 1) return "< 1 ms";
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  if (Number.isInteger(ms)) return `${ms} ms`;
  return `${ms >= 100 ? Math.round(ms) : ms >= 10 ? ms.toFixed(1) : ms.toFixed(2)} ms`;
}

/** Requests a second: whole from 100 on, else with as many digits as say something. */
export function formatRate(perSecond: number | null): string {
  if (perSecond === null) return "–";
  if (perSecond === 0) return "0";
  if (perSecond >= 100) return Math.round(perSecond).toLocaleString("en");
  return perSecond >= 10 ? perSecond.toFixed(1) : perSecond.toFixed(2);
}

/** A share of 0..1 in percent. Anything above nothing never reads as 0 %. */
export function formatShare(share: number | null): string {
  if (share === null) return "–";
  if (share === 0) return "0 %";
  const percent = share * 100;
  if (percent < 0.1) return "< 0.1 %";
  return `${percent >= 10 ? percent.toFixed(0) : percent.toFixed(1)} %`;
}

/** Bytes in decimal units. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** The time of day in a zone: `14:05:09`. */
export function formatClock(ms: number, zone: string): string {
  return new Date(ms).toLocaleTimeString("en-GB", { timeZone: zone });
}

/** A moment in full, with its zone: `2026-01-31 14:05:09 Europe/Berlin`. */
export function formatMoment(at: string, zone: string): string {
  const day = new Date(at).toLocaleDateString("en-CA", { timeZone: zone });
  return `${day} ${formatClock(Date.parse(at), zone)} ${zone}`;
}
