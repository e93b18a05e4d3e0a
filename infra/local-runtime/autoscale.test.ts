import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decideScale,
  recentPoints,
  type LoadPoint,
  type ScaleInput,
} from "#infra/local-runtime/autoscale.ts";

const windows = { up: 3_000, down: 25_000 };
const scaling = { minReplicas: 1, maxReplicas: 5, metric: "inflight" as const, targetInFlight: 4 };

/** One point a second, the last at `now`. */
function points(now: number, loads: number[]): LoadPoint[] {
  return loads.map((inFlight, index) => ({ at: now - (loads.length - 1 - index) * 1_000, inFlight }));
}

function decide(loads: number[], given: Partial<ScaleInput> = {}) {
  const now = 100_000;
  return decideScale({
    points: points(now, loads),
    now,
    current: 2,
    lastStepAt: null,
    scaling,
    windows,
    ...given,
  });
}

describe("decideScale", () => {
  it("goes up by the average of the short window, with the reason", () => {
    expect(decide([0, 11, 12, 12])).toEqual({
      to: 3,
      reason: "2 → 3: 5.8 requests in flight per replica, target 4, on average over 3 s.",
    });
  });

  it("goes up by several steps at once, and says when it is at its limit", () => {
    expect(decide([90, 90, 90, 90])?.to).toBe(5);
    expect(decide([90, 90, 90, 90])?.reason).toMatch(/^2 → 5: 45 .* That is the most it may have\.$/);
    expect(decide([90, 90, 90, 90], { current: 5 })).toBeNull();
  });

  it("doesn't go up for one short peak, nor before the window is full", () => {
    expect(decide([0, 0, 0, 20])).toBeNull();
    expect(decide([20, 20, 20])).toBeNull();
  });

  it("lets a step work before the next one up", () => {
    const busy = [20, 20, 20, 20];
    expect(decide(busy, { lastStepAt: 98_000 })).toBeNull();
    expect(decide(busy, { lastStepAt: 97_000 })?.to).toBe(5);
  });

  it("goes down only to what the highest load of the long window needs", () => {
    const quiet = [...Array.from({ length: 20 }, () => 0), 5, ...Array.from({ length: 6 }, () => 0)];
    expect(decide(quiet, { current: 4 })).toEqual({
      to: 2,
      reason: "4 → 2: at most 1.3 requests in flight per replica, target 4, for 25 s.",
    });
    expect(decide(quiet.slice(3), { current: 4 })).toBeNull();
    expect(decide(quiet, { current: 4, lastStepAt: 80_000 })).toBeNull();
    expect(
      decide(
        quiet.map(() => 0),
        { current: 1 },
      ),
    ).toBeNull();
  });

  it("leaves a metric of none alone", () => {
    expect(decide([90, 90, 90, 90], { scaling: { ...scaling, metric: "none" } })).toBeNull();
  });

  it("never leaves its limits and never says to stay", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(400), { maxLength: 40 }),
        fc.integer({ min: 1, max: 5 }),
        (loads, current) => {
          const decided = decide(loads, { current });
          if (!decided) return;
          expect(decided.to).not.toBe(current);
          expect(decided.to).toBeGreaterThanOrEqual(1);
          expect(decided.to).toBeLessThanOrEqual(5);
        },
      ),
    );
  });

  it("needs no more points than are kept", () => {
    const now = 1_000_000;
    const many = points(
      now,
      Array.from({ length: 500 }, () => 1),
    );
    const kept = recentPoints(many, now, windows);
    expect(kept.length).toBeLessThan(60);
    expect(decideScale({ points: kept, now, current: 3, lastStepAt: null, scaling, windows })?.to).toBe(1);
  });
});
