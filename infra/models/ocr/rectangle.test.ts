import fc from "fast-check";
import { expect, test } from "vitest";
import type { Point } from "./image.ts";
import { cornersOf, smallestRectangle, unclip } from "./rectangle.ts";

const coordinate = fc.integer({ min: -500, max: 500 });
const points = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 40 });

test("the smallest rectangle holds every point, and is no larger than the upright one", () => {
  fc.assert(
    fc.property(points, (given) => {
      const { centre, width, height, angle } = smallestRectangle(given);
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      for (const [x, y] of given) {
        const [dx, dy] = [x - centre[0], y - centre[1]];
        expect(Math.abs(dx * cos + dy * sin)).toBeLessThanOrEqual(width / 2 + 1e-6);
        expect(Math.abs(dy * cos - dx * sin)).toBeLessThanOrEqual(height / 2 + 1e-6);
      }
      const span = (values: number[]) => Math.max(...values) - Math.min(...values);
      const upright = span(given.map(([x]) => x)) * span(given.map(([, y]) => y));
      expect(width * height).toBeLessThanOrEqual(upright + 1e-6);
    }),
  );
});

test("finds the side lengths of a tilted rectangle", () => {
  const corners: Point[] = [
    [0, 0],
    [40, 30],
    [34, 38],
    [-6, 8],
  ];
  const { width, height } = smallestRectangle(corners);
  expect(Math.max(width, height)).toBeCloseTo(50);
  expect(Math.min(width, height)).toBeCloseTo(10);
});

test("grows on all sides", () => {
  const grown = unclip({ centre: [5, 5], width: 30, height: 10, angle: 0.3 }, 2);
  expect(grown).toEqual({ centre: [5, 5], width: 45, height: 25, angle: 0.3 });
});

const rounded = (box: ReturnType<typeof cornersOf>) =>
  box.map((point) => point.map((v) => Math.round(v) + 0));

test.each([0, Math.PI, Math.PI * 2])("corners go clockwise from the upper left (turned by %f)", (angle) => {
  expect(rounded(cornersOf({ centre: [50, 20], width: 80, height: 20, angle }))).toEqual([
    [10, 10],
    [90, 10],
    [90, 30],
    [10, 30],
  ]);
});

test.each([Math.PI / 2, -Math.PI / 2])(
  "a wide box given on its side is the same box (turned by %f)",
  (angle) => {
    expect(rounded(cornersOf({ centre: [50, 20], width: 20, height: 80, angle }))).toEqual([
      [10, 10],
      [90, 10],
      [90, 30],
      [10, 30],
    ]);
  },
);

test("a tall narrow box is read from top to bottom, an almost square one from the left", () => {
  expect(rounded(cornersOf({ centre: [20, 50], width: 20, height: 80, angle: 0 }))).toEqual([
    [30, 10],
    [30, 90],
    [10, 90],
    [10, 10],
  ]);
  expect(rounded(cornersOf({ centre: [20, 20], width: 20, height: 24, angle: 0 }))[0]).toEqual([10, 8]);
});
