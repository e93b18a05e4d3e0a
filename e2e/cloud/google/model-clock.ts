import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "#lib/clock.ts";

/** A clock that can also be waited on. */
export type ModelClock = Clock & { sleep(milliseconds: number): Promise<void> };

export const realClock: ModelClock = {
  now: () => new Date(),
  async sleep(milliseconds) {
    await sleep(milliseconds);
  },
};

/** A clock that stands until a test moves it; who sleeps on it wakes when its hands pass. */
export function manualClock(
  start = new Date("2026-01-01T00:00:00Z"),
): ModelClock & { advance(milliseconds: number): void } {
  let now = start.getTime();
  let sleepers: { until: number; wake: () => void }[] = [];
  return {
    now: () => new Date(now),
    sleep(milliseconds) {
      return new Promise((wake) => sleepers.push({ until: now + milliseconds, wake }));
    },
    advance(milliseconds) {
      now += milliseconds;
      const due = sleepers.filter(({ until }) => until <= now);
      sleepers = sleepers.filter(({ until }) => until > now);
      for (const { wake } of due) wake();
    },
  };
}
