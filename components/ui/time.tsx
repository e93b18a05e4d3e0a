"use client";

import { useSyncExternalStore } from "react";
import { formatAge, formatClock, formatLeft, formatMoment } from "#components/ui/format.ts";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let current = Math.floor(Date.now() / 1000) * 1000;

function listen(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    current = Math.floor(Date.now() / 1000) * 1000;
    for (const each of listeners) each();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

const wholeSecond = () => Math.floor(Date.now() / 1000) * 1000;

/** The time in milliseconds, moving on by whole seconds; one timer for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(listen, () => (listeners.size === 0 ? wholeSecond() : current), wholeSecond);
}

/**
 * How long ago something was; the exact time on hover and for those who hear the page.
 *
 * @param props.ended when it came to its end, if it did: on hover too
 */
export function Age({ at, suffix = "", ended }: { at: string; suffix?: string; ended?: string | null }) {
  const now = useNow();
  const zone = useZone();
  const moment = formatMoment(at, zone);
  return (
    <time
      dateTime={at}
      title={ended ? `from ${moment} to ${formatMoment(ended, zone)}` : moment}
      suppressHydrationWarning
      className="figures whitespace-nowrap"
    >
      {formatAge(now - Date.parse(at))}
      {suffix}
    </time>
  );
}

/** How long something still has. */
export function TimeLeft({ until }: { until: string }) {
  const now = useNow();
  const zone = useZone();
  return (
    <time
      dateTime={until}
      title={formatMoment(until, zone)}
      suppressHydrationWarning
      className="figures whitespace-nowrap"
    >
      {formatLeft(Date.parse(until) - now)}
    </time>
  );
}

const never = () => () => {};

/** The reader's own time zone, such as `Europe/Berlin`. The server doesn't know it: until the page is alive it is UTC. */
export function useZone(): string {
  return useSyncExternalStore(
    never,
    () => new Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => "UTC",
  );
}

/** The time of day, in the reader's own zone. */
export function Clock({ at }: { at: string }) {
  const zone = useZone();
  return (
    <time dateTime={at} title={formatMoment(at, zone)} className="figures whitespace-nowrap">
      {formatClock(Date.parse(at), zone)}
    </time>
  );
}
