import { expect, test } from "vitest";
import { parseServerTiming } from "#lib/deployments/server-timing.ts";

test("reads names, times and titles, and passes over what isn't one", () => {
  expect(parseServerTiming('queue;dur=1.5;desc="Waiting", replica;DUR=8, cache, x;dur=abc')).toEqual([
    { name: "queue", ms: 1.5, title: "Waiting" },
    { name: "replica", ms: 8, title: null },
  ]);
  expect(parseServerTiming("")).toEqual([]);
});
