import type { Box, Point } from "./image.ts";

/** A rectangle in any direction: `angle` is that of its `width` side, in radians. */
export type Rectangle = { centre: Point; width: number; height: number; angle: number };

/**
 * The smallest rectangle around points: one of its sides lies on a side of their convex hull
 * (Freeman and Shapira, 1975), so each side is tried.
 */
export function smallestRectangle(points: readonly Point[]): Rectangle {
  const hull = convexHull(points);
  let best: Rectangle = { centre: hull[0]!, width: 0, height: 0, angle: 0 };
  let bestArea = Infinity;
  for (let i = 0; i < hull.length; i++) {
    const from = hull[i]!;
    const to = hull[(i + 1) % hull.length]!;
    const candidate = boundsAt(hull, Math.atan2(to[1] - from[1], to[0] - from[0]));
    const area = candidate.width * candidate.height;
    if (area < bestArea) [best, bestArea] = [candidate, area];
  }
  return best;
}

function boundsAt(points: readonly Point[], angle: number): Rectangle {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let [minU, maxU, minV, maxV] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [x, y] of points) {
    const [u, v] = [x * cos + y * sin, y * cos - x * sin];
    [minU, maxU, minV, maxV] = [Math.min(minU, u), Math.max(maxU, u), Math.min(minV, v), Math.max(maxV, v)];
  }
  const [u, v] = [(minU + maxU) / 2, (minV + maxV) / 2];
  return { centre: [u * cos - v * sin, u * sin + v * cos], width: maxU - minU, height: maxV - minV, angle };
}

/** Convex hull, by Andrew's monotone chain. */
function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  if (sorted.length < 3) return sorted;
  const half = (ordered: Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of ordered) {
      while (chain.length > 1 && turn(chain.at(-2)!, chain.at(-1)!, point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  const hull = [...half(sorted), ...half(sorted.reverse())];
  return hull.length > 0 ? hull : [sorted[0]!];
}

function turn(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/**
 * Grows a rectangle on all sides by area × ratio ÷ perimeter: text detectors of the DB kind are trained on shapes
 * shrunk by that much (Liao et al., "Real-time Scene Text Detection with Differentiable Binarization", 2020).
 */
export function unclip(rectangle: Rectangle, ratio: number): Rectangle {
  const { width, height } = rectangle;
  const by = (width * height * ratio) / (2 * (width + height));
  return { ...rectangle, width: width + 2 * by, height: height + 2 * by };
}

/**
 * The corners of a rectangle, clockwise from the one that text begins at: text runs from left to right, and in
 * what is clearly taller than wide from top to bottom.
 */
export function cornersOf({ centre, width, height, angle }: Rectangle): Box {
  const level = Math.abs(Math.cos(angle)) >= Math.SQRT1_2;
  let [along, across, direction] = level ? [width, height, angle] : [height, width, angle + Math.PI / 2];
  const upright = across >= along * 1.5;
  if (upright) [along, across, direction] = [across, along, direction + Math.PI / 2];
  let [cos, sin] = [Math.cos(direction), Math.sin(direction)];
  if ((upright ? sin : cos) < 0) [cos, sin] = [-cos, -sin];
  const corner = (u: number, v: number): Point => [
    centre[0] + (u * along * cos - v * across * sin) / 2,
    centre[1] + (u * along * sin + v * across * cos) / 2,
  ];
  return [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
}
