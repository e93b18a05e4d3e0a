"use client";

import { useSyncExternalStore } from "react";
import { formatAge, formatLeft } from "#components/ui/format.ts";

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

/** How long ago something was; the exact time on hover and for those who hear the page. */
export function Age({ at, suffix = "" }: { at: string; suffix?: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={exactTime(at)} suppressHydrationWarning className="figures whitespace-nowrap">
      {formatAge(now - Date.parse(at))}
      {suffix}
    </time>
  );
}

/** How long something still has. */
export function TimeLeft({ until }: { until: string }) {
  const now = useNow();
  return (
    <time
      dateTime={until}
      title={exactTime(until)}
      suppressHydrationWarning
      className="figures whitespace-nowrap"
    >
      {formatLeft(Date.parse(until) - now)}
    </time>
  );
}

const never = () => () => {};

/** The time of day, in the reader's own zone: the server doesn't know it, so until the page is alive it is UTC. */
export function Clock({ at }: { at: string }) {
  const zone = useSyncExternalStore<string | undefined>(
    never,
    () => undefined,
    () => "UTC",
  );
  return (
    <time dateTime={at} title={exactTime(at)} className="figures whitespace-nowrap">
      {new Date(at).toLocaleTimeString("en-GB", { timeZone: zone })}
    </time>
  );
}

function exactTime(at: string): string {
  return at.replace("T", " ").replace(/\.\d+Z$|Z$/, " UTC");
}
