import { expect, test } from "vitest";
import type { Box } from "./image.ts";
import { inReadingOrder } from "./reading-order.ts";

const at = (left: number, top: number, width = 50, height = 20): Box => [
  [left, top],
  [left + width, top],
  [left + width, top + height],
  [left, top + height],
];

test("row by row, each from the left, though boxes of a row are never quite level", () => {
  const title = at(10, 0, 200, 40);
  const [item, count] = [at(10, 53), at(300, 50)];
  const [next, nextCount] = [at(12, 80), at(298, 84)];
  expect(inReadingOrder([nextCount, count, item, title, next])).toEqual([
    title,
    item,
    count,
    next,
    nextCount,
  ]);
});

test("a tall box beside small ones doesn't merge their rows", () => {
  const tall = at(0, 0, 30, 100);
  const [first, second, third] = [at(50, 0), at(50, 40), at(50, 80)];
  const order = inReadingOrder([third, tall, second, first]);
  expect(order.filter((box) => box !== tall)).toEqual([first, second, third]);
});

test("nothing in, nothing out", () => {
  expect(inReadingOrder([])).toEqual([]);
});
