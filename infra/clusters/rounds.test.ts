import { expect, it, vi } from "vitest";
import { rounds } from "#infra/clusters/rounds.ts";

it("goes on after a failure, and tells once that it fails and once that it works again", async () => {
  const stopping = new AbortController();
  const told: string[] = [];
  let count = 0;
  const running = rounds(
    async () => {
      count++;
      if (count <= 2) throw new Error(`no ${count}`);
      return 60_000;
    },
    stopping.signal,
    { failing: (error) => told.push((error as Error).message), well: () => told.push("well") },
  );
  for (const n of [1, 2]) {
    await vi.waitUntil(() => count === n);
    running.soon();
  }
  await vi.waitUntil(() => told.length === 2);
  stopping.abort();
  await running.ended;
  expect(told).toEqual(["no 1", "well"]);
});

it("is never at it twice at once; what is wanted soon comes right after, and once", async () => {
  const stopping = new AbortController();
  let free = Promise.withResolvers<void>();
  let count = 0;
  const running = rounds(
    async () => {
      count++;
      await free.promise;
      return 60_000;
    },
    stopping.signal,
    { failing: () => {}, well: () => {} },
  );
  await vi.waitUntil(() => count === 1);
  running.soon();
  running.soon();
  expect(count).toBe(1);
  const first = free;
  free = Promise.withResolvers<void>();
  first.resolve();
  await vi.waitUntil(() => count === 2);
  stopping.abort();
  free.resolve();
  await running.ended;
  expect(count).toBe(2);
});
