import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  aboveGround,
  areaPath,
  dotsPath,
  linePath,
  niceCeiling,
  place,
} from "#components/charts/geometry.ts";

const box = { width: 100, height: 20, padTop: 0 };

describe("niceCeiling", () => {
  it.each([
    [0, 1],
    [Number.NaN, 1],
    [0.07, 0.08],
    [3, 3],
    [7, 8],
    [11, 15],
    [42, 50],
  ])("of %d is %d", (highest, ceiling) => expect(niceCeiling(highest)).toBeCloseTo(ceiling, 10));

  it("is never below the highest value, nor more than half above it", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (highest) => {
        const ceiling = niceCeiling(highest);
        expect(ceiling).toBeGreaterThanOrEqual(highest * (1 - 1e-9));
        expect(ceiling).toBeLessThanOrEqual(highest * 1.5 * (1 + 1e-9));
      }),
    );
  });
});

describe("aboveGround", () => {
  it("keeps what rises and the ground it rises from", () => {
    expect(aboveGround([0, 0, 0, 2, 0, 0, 0])).toEqual([null, null, 0, 2, 0, null, null]);
  });
  it("keeps nothing of a line that never rises, and gaps as gaps", () => {
    expect(aboveGround([0, 0, 0])).toEqual([null, null, null]);
    expect(aboveGround([null, 3, null])).toEqual([null, 3, null]);
  });
});

describe("place", () => {
  it("spreads values evenly, zero on the ground and the ceiling at the top", () => {
    expect(place([0, 5, 10], 10, box)).toEqual([
      [0, 20],
      [50, 10],
      [100, 0],
    ]);
  });
  it("keeps a missing value missing", () => expect(place([1, null], 1, box)[1]).toBeNull());
  it("puts a single value at the left", () => expect(place([1], 1, box)).toEqual([[0, 0]]));
});

describe("paths", () => {
  it("leaves a gap where a value is missing", () => {
    expect(linePath([[0, 1], [1, 2], null, [3, 4], [4, 5]])).toBe("M0 1L1 2M3 4L4 5");
  });
  it("a lone one is a dot, and no line", () => {
    const points: ([number, number] | null)[] = [[0, 1], null, [1, 2], null, [3, 4], [4, 5]];
    expect(linePath(points)).toBe("M3 4L4 5");
    expect(dotsPath(points)).toBe("M0 1h0M1 2h0");
  });
  it("closes each stretch along the ground, and a lone point has no area", () => {
    expect(areaPath([[0, 1], [1, 2], null, [3, 4]], 20)).toBe("M0 1L1 2L1 20L0 20Z");
  });
});
