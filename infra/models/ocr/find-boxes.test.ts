import { expect, test } from "vitest";
import { defaults, findBoxes, type ProbabilityMap } from "./find-boxes.ts";

/** A map with `likely` where `isText` says so, and 0.1 elsewhere. */
function mapOf(
  width: number,
  height: number,
  isText: (x: number, y: number) => boolean,
  likely = 0.9,
): ProbabilityMap {
  const data = Float32Array.from({ length: width * height }, (_, i) =>
    isText(i % width, Math.floor(i / width)) ? likely : 0.1,
  );
  return { width, height, data };
}

const inside = (x: number, y: number, left: number, top: number, right: number, bottom: number) =>
  x >= left && x < right && y >= top && y < bottom;

test("a block of text becomes one rectangle, grown by area × ratio ÷ perimeter", () => {
  const [box, ...more] = findBoxes(mapOf(100, 60, (x, y) => inside(x, y, 20, 20, 60, 30)));
  const by = (40 * 10 * defaults.unclipRatio) / 100;
  expect(more).toEqual([]);
  expect(box!.centre).toEqual([39.5, 24.5]);
  expect([box!.width, box!.height].sort((a, b) => b - a)).toEqual([40 + 2 * by, 10 + 2 * by]);
});

test("blocks that don't touch are apart; ones that touch at a corner are one", () => {
  const apart = mapOf(100, 60, (x, y) => inside(x, y, 10, 10, 40, 20) || inside(x, y, 42, 10, 80, 20));
  const touching = mapOf(100, 60, (x, y) => inside(x, y, 10, 10, 40, 20) || inside(x, y, 40, 20, 80, 30));
  expect(findBoxes(apart)).toHaveLength(2);
  expect(findBoxes(touching)).toHaveLength(1);
});

test("a slanted line gets a slanted rectangle", () => {
  const slope = Math.tan(Math.PI / 9);
  const map = mapOf(200, 120, (x, y) => x >= 20 && x < 160 && Math.abs(y - 20 - x * slope) < 6);
  const [box] = findBoxes(map);
  const direction = box!.width > box!.height ? box!.angle : box!.angle + Math.PI / 2;
  expect(Math.abs(Math.tan(direction) - slope)).toBeLessThan(0.05);
  expect(Math.max(box!.width, box!.height)).toBeGreaterThan(3 * Math.min(box!.width, box!.height));
});

test("specks and unlikely text are left out, and so is what is beyond the limit", () => {
  expect(findBoxes(mapOf(50, 50, (x, y) => inside(x, y, 10, 10, 12, 12)))).toEqual([]);
  expect(findBoxes(mapOf(50, 50, (x, y) => inside(x, y, 10, 10, 40, 20), 0.5))).toEqual([]);
  const dotted = mapOf(100, 20, (x, y) => x % 10 < 6 && y > 5 && y < 15);
  expect(findBoxes(dotted)).toHaveLength(10);
  expect(findBoxes(dotted, { ...defaults, maxBoxes: 4 })).toHaveLength(4);
});

test("text up to the border and an empty map are no trouble", () => {
  expect(findBoxes(mapOf(30, 10, () => true))).toHaveLength(1);
  expect(findBoxes(mapOf(30, 10, () => false))).toEqual([]);
});
