import { describe, expect, it } from "vitest";
import { parseLogLine, type LogLine } from "#infra/haproxy/log-format.ts";
import { isError, RequestCounter } from "#infra/traffic/count-requests.ts";
import { Histogram } from "#infra/traffic/histogram.ts";

const base: LogLine = {
  t: 1_000_000_123,
  f: "dep-x",
  b: "dep-x.main",
  s: "r2",
  st: 200,
  e: "--",
  w: 1,
  c: 0,
  r: 10,
  a: 12,
  o: 100,
  k: "key",
  id: "1",
  m: "POST",
  p: "/predict",
};
const lines = (count: number, change: Partial<LogLine> = {}) =>
  Array.from({ length: count }, (_, n) => ({ ...base, id: `${change.st ?? 200}-${n}`, ...change }));

describe("RequestCounter", () => {
  it("adds up by variant and five seconds", () => {
    const counter = new RequestCounter();
    const { samples } = counter.count([
      ...lines(3),
      ...lines(2, { t: base.t + 5_000 }),
      ...lines(1, { b: "dep-x", s: "<NOSRV>", st: 401, e: "PR", r: -1 }),
    ]);
    const short = samples.map(({ variant, at, ...s }) => [
      variant,
      at.getTime() % 10_000,
      s.requests,
      s.errors,
      s.serverErrors,
    ]);
    expect(short).toEqual([
      ["main", 0, 3, 0, 0],
      ["main", 5_000, 2, 0, 0],
      ["", 0, 1, 1, 0],
    ]);
  });

  it("stores a part of the requests but every kind, and the portal's own always", () => {
    const counter = new RequestCounter();
    const first = counter.count(lines(300));
    expect(first.requests).toHaveLength(20);
    const second = counter.count([...lines(300), ...lines(7, { st: 500 }), ...lines(3, { k: "probe" })]);
    expect(second.requests.filter(({ status }) => status === 500)).toHaveLength(7);
    expect(second.requests).toHaveLength(10);
    expect(second.samples[0]).toMatchObject({ requests: 307, errors: 7, serverErrors: 7 });
    expect(first.requests[0]).toMatchObject({
      variant: "main",
      replicaId: "dep-x/main/2",
      queueMs: 1,
      responseMs: 10,
    });
  });

  it("bounds the size of an answer to what the column holds", () => {
    const { requests } = new RequestCounter().count(lines(1, { o: 3 * 2 ** 30 }));
    expect(requests[0]?.bytesOut).toBe(2_147_483_647);
  });

  it("keeps percentiles over what it was given in parts", () => {
    const counter = new RequestCounter();
    counter.count(lines(90, { a: 10 }));
    const { samples } = counter.count(lines(10, { a: 1_000 }));
    expect(samples[0]?.p50).toBeCloseTo(10, -0.5);
    expect(samples[0]?.p95).toBeGreaterThan(900);
  });
});

describe("isError", () => {
  it.each([
    [{ st: 200 }, false],
    [{ st: 399 }, false],
    [{ st: 401, e: "PR" }, true],
    [{ st: 400, e: "CR" }, false],
    [{ st: 500 }, true],
    [{ st: 503, e: "sQ" }, true],
    [{ st: 200, e: "SD" }, true],
    [{ st: -1, e: "CQ" }, false],
    [{ st: 503, e: "CC" }, false],
  ])("%j is %s", (change, expected) => expect(isError({ ...base, ...change })).toBe(expected));
});

describe("parseLogLine", () => {
  it("takes what HAProxy wrote of a request and nothing else", () => {
    expect(parseLogLine(JSON.stringify(base))).toEqual(base);
    expect(parseLogLine("Proxy dep-x stopped (cumulated conns: FE: 2, BE: 0).")).toBeNull();
    expect(parseLogLine('{"t":1,"f":"de')).toBeNull();
  });
});

describe("Histogram", () => {
  it("finds percentiles to within 5 %", () => {
    const histogram = new Histogram();
    expect(histogram.percentile(0.5)).toBeNull();
    for (let ms = 1; ms <= 1_000; ms++) histogram.add(ms);
    expect(Math.abs((histogram.percentile(0.5) ?? 0) - 500)).toBeLessThan(25);
    expect(Math.abs((histogram.percentile(0.95) ?? 0) - 950)).toBeLessThan(48);
  });
});
