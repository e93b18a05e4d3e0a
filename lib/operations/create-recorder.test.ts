import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { TimedEvent } from "#lib/operations/append-events.ts";
import { createRecorder } from "#lib/operations/create-recorder.ts";
import type { OperationEvent } from "#lib/operations/events.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const log = (text: string): OperationEvent => ({ kind: "log", level: "info", source: "engine", text });
const away = () => Object.assign(new Error("the database is away"), { code: "ECONNREFUSED" });
const textsOf = (events: TimedEvent[]) =>
  events.map(({ event }) => (event.kind === "log" ? event.text : event.kind));

test("events of 50 ms are one batch, in order, each with the time it happened", async () => {
  const batches: TimedEvent[][] = [];
  const write = async (events: TimedEvent[]) => batches.push(events);
  const recorder = createRecorder({ write, onLost: () => {} });
  recorder.add(log("a"), new Date(1));
  recorder.add(log("b"), new Date(2));
  await vi.advanceTimersByTimeAsync(49);
  expect(batches).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  recorder.add(log("c"), new Date(3));
  await recorder.flush();
  expect(batches.map(textsOf)).toEqual([["a", "b"], ["c"]]);
  expect(batches[0]?.map(({ at }) => at.getTime())).toEqual([1, 2]);
});

test("while the database is away nothing is lost or put in another order", async () => {
  const written: string[] = [];
  let isAway = true;
  const write = async (events: TimedEvent[]) => {
    if (isAway) throw away();
    return written.push(...textsOf(events));
  };
  const recorder = createRecorder({ write, onLost: () => {} });
  recorder.add(log("a"));
  await vi.advanceTimersByTimeAsync(60);
  recorder.add(log("b"));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(written).toEqual([]);
  isAway = false;
  recorder.add(log("c"));
  await vi.advanceTimersByTimeAsync(1_000);
  await recorder.flush();
  expect(written).toEqual(["a", "b", "c"]);
});

test("a batch that got no answer is tried again as it is, and told to be in doubt", async () => {
  const tries: [string[], number | null][] = [];
  const write = async (events: TimedEvent[], doubtAfter: number | null) => {
    tries.push([textsOf(events), doubtAfter]);
    if (tries.length === 2) throw away();
    return 7;
  };
  const recorder = createRecorder({ write, onLost: () => {} });
  recorder.add(log("a"));
  await recorder.flush();
  recorder.add(log("b"));
  await vi.advanceTimersByTimeAsync(60);
  recorder.add(log("c"));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(tries).toEqual([
    [["a"], null],
    [["b"], null],
    [["b"], 7],
    [["c"], null],
  ]);
});

test("a batch that the database refuses is given up and told of; the next ones are written", async () => {
  const written: string[] = [];
  const write = async (events: TimedEvent[]) => {
    if (textsOf(events).includes("bad")) throw new Error("invalid input syntax for type json");
    return written.push(...textsOf(events));
  };
  const onRefused = vi.fn();
  const recorder = createRecorder({ write, onLost: () => {}, onRefused });
  recorder.add(log("bad"));
  const flushed = recorder.flush();
  await vi.advanceTimersByTimeAsync(2_000);
  await flushed;
  recorder.add(log("good"));
  await recorder.flush();
  expect(onRefused).toHaveBeenCalledTimes(1);
  expect(written).toEqual(["good"]);
});

test("an operation that was lost is told of once, and takes nothing more", async () => {
  const onLost = vi.fn();
  const write = vi.fn(async () => null);
  const recorder = createRecorder({ write, onLost });
  recorder.add(log("a"));
  await recorder.flush();
  recorder.add(log("b"));
  await recorder.flush();
  expect(onLost).toHaveBeenCalledTimes(1);
  expect(write).toHaveBeenCalledTimes(1);
});

test("secrets are masked in what is written, wherever they stand; short texts aren't taken for secrets", async () => {
  const batches: TimedEvent[][] = [];
  const write = async (events: TimedEvent[]) => batches.push(events);
  const recorder = createRecorder({ write, onLost: () => {}, secrets: ["canary-91c4", "a", ""] });
  recorder.add(log("env: TOKEN=canary-91c4, again canary-91c4"));
  recorder.add({ kind: "ended", status: "failed", code: "start_failed", message: "It said canary-91c4." });
  await recorder.flush();
  expect(JSON.stringify(batches)).not.toContain("canary-91c4");
  expect(textsOf(batches[0]!)[0]).toBe("env: TOKEN=[secret], again [secret]");
});
