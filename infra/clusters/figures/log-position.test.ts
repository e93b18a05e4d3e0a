import fc from "fast-check";
import { expect, it } from "vitest";
import { LineFilter, type LogPosition } from "#infra/clusters/figures/log-position.ts";

const time = (n: number) => `2026-11-22T10:00:00.${String(n).padStart(9, "0")}Z`;

/** Reads these lines from a position on. @returns which of them were new, by index */
function read(times: number[], from: LogPosition | null): { taken: number[]; to: LogPosition | null } {
  const filter = new LineFilter(from);
  const taken = times.flatMap((n, index) => (filter.take(time(n), "c") ? [index] : []));
  return { taken, to: filter.position };
}

it("takes each line once, wherever the reading was broken off, also among lines of the very same time", () => {
  const log = fc.array(fc.nat(5), { maxLength: 30 }).map((times) => times.sort((a, b) => a - b));
  fc.assert(
    fc.property(log, fc.nat(30), fc.nat(30), (times, first, second) => {
      const begun = read(times.slice(0, first), null);
      const goneOn = read(times.slice(0, Math.max(first, second)), begun.to);
      const ended = read(times, goneOn.to);
      const all = [...begun.taken, ...goneOn.taken, ...ended.taken];
      expect(all).toEqual(times.map((_, index) => index));
    }),
  );
});

it("counts on while a clock was put back, and nothing twice afterwards", () => {
  const first = read([5, 9, 3, 4], null);
  expect(first.taken).toEqual([0, 1, 2, 3]);
  expect(read([5, 9, 3, 4, 10], first.to).taken).toEqual([4]);
});

it("notes which container wrote the newest line", () => {
  const filter = new LineFilter({ container: "old", time: time(1), same: 1 });
  filter.take(time(1), "new");
  expect(filter.position?.container).toBe("old");
  filter.take(time(2), "new");
  expect(filter.position).toEqual({ container: "new", time: time(2), same: 1 });
});
