import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { followEvents, Refused } from "#components/operations/follow-events.ts";
import type { RecordedEvent } from "#lib/operations/events.ts";

const at = "2026-01-01T00:00:00.000Z";
function started(seq: number): RecordedEvent {
  return { kind: "stage_started", stage: "queued", seq, at, attempt: 1 };
}
function ended(seq: number): RecordedEvent {
  return { kind: "ended", status: "succeeded", code: null, message: null, seq, at, attempt: 1 };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const minutes = (count: number) => vi.advanceTimersByTimeAsync(count * 60_000);

test("ten minutes without a database are one request every two seconds, hints or not, and then it catches up", async () => {
  let away = true;
  const onEvents = vi.fn();
  const read = vi.fn((after: number) =>
    away ? Promise.reject(new Error("503")) : Promise.resolve(after < 2 ? [started(1), ended(2)] : []),
  );
  const following = followEvents({ have: [], read, onEvents });
  for (let minute = 0; minute < 10; minute += 1) {
    following.look();
    await minutes(1);
  }
  expect(read.mock.calls.length).toBeLessThanOrEqual(10 * 31 + 1);
  expect(vi.getTimerCount()).toBe(1);
  away = false;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(onEvents).toHaveBeenLastCalledWith([started(1), ended(2)]);
});

test("asks every five seconds while nothing happens, at once when told to, and no more after the end", async () => {
  const rows = [started(1)];
  const read = vi.fn((after: number) => Promise.resolve(rows.filter((event) => event.seq > after)));
  const onEvents = vi.fn();
  const following = followEvents({ have: [], read, onEvents });
  await vi.advanceTimersByTimeAsync(4_999);
  const before = read.mock.calls.length;
  await vi.advanceTimersByTimeAsync(1);
  expect(read.mock.calls.length).toBe(before + 1);
  rows.push(ended(2));
  following.look();
  await vi.advanceTimersByTimeAsync(0);
  expect(onEvents).toHaveBeenLastCalledWith(rows);
  expect(vi.getTimerCount()).toBe(0);
  following.look();
  expect(read.mock.calls.length).toBe(before + 2);
});

test("doesn't ask again where it was refused, nor once it was stopped", async () => {
  const refused = vi.fn(() => Promise.reject(new Refused("401")));
  followEvents({ have: [], read: refused, onEvents: vi.fn() });
  const stopped = vi.fn(() => Promise.resolve([]));
  followEvents({ have: [], read: stopped, onEvents: vi.fn() }).stop();
  await minutes(1);
  expect([refused.mock.calls.length, stopped.mock.calls.length]).toEqual([1, 1]);
});
