import fc from "fast-check";
import { expect, test } from "vitest";
import {
  dateOf,
  linesAfter,
  nothingRead,
  parseLog,
  readPosition,
  sinceTime,
  writePosition,
} from "#infra/clusters/replicas/log-position.ts";

test("lines are read with their times in UTC, to the nanosecond; what isn't a whole line of the log isn't", () => {
  const text = [
    "2026-11-22T10:00:00.5Z first",
    "2026-11-22T12:00:00.500000001+02:00 \u001b[31mred\u001b[0m",
    "2026-11-22T10:00:01Z ",
    "unable to retrieve container logs for containerd://1",
    "2026-11-22T10:00:02.123456789Z cut o",
  ].join("\n");
  expect(parseLog(text)).toEqual([
    { time: "2026-11-22T10:00:00.500000000Z", line: "first" },
    { time: "2026-11-22T10:00:00.500000001Z", line: "red" },
    { time: "2026-11-22T10:00:01.000000000Z", line: "" },
  ]);
});

test("a position is asked for by the second, and kept by the nanosecond", () => {
  const position = { time: "2026-11-22T10:00:00.500000001Z", count: 2 };
  expect(readPosition(writePosition(position))).toEqual(position);
  expect(sinceTime(position)).toBe("2026-11-22T10:00:00Z");
  expect(dateOf(position.time)).toEqual(new Date("2026-11-22T10:00:00.500Z"));
  expect(readPosition(null)).toEqual(nothingRead);
  expect(readPosition(writePosition(nothingRead))).toEqual(nothingRead);
  expect(sinceTime(nothingRead)).toBeNull();
});

test("however a log is read, by the second and in parts, each line is taken once", () => {
  const seconds = (n: number) => `2026-11-22T10:00:0${Math.floor(n / 3)}.${n % 3}00000000Z`;
  const times = fc.array(fc.nat(11), { maxLength: 30 }).map((all) => all.sort((a, b) => a - b).map(seconds));
  fc.assert(
    fc.property(times, fc.array(fc.nat(30)), (all, cuts) => {
      const lines = all.map((time, n) => ({ time, line: String(n) }));
      const taken: string[] = [];
      let position = nothingRead;
      for (const end of [...cuts.sort((a, b) => a - b), lines.length]) {
        const since = sinceTime(position) ?? "";
        const answer = lines.slice(0, end).filter(({ time }) => time.slice(0, 19) >= since.slice(0, 19));
        const { fresh, to } = linesAfter(answer, position);
        taken.push(...fresh.map(({ line }) => line));
        position = to;
      }
      expect(taken).toEqual(lines.map(({ line }) => line));
    }),
  );
});
