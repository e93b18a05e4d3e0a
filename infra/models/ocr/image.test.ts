import { expect, test } from "vitest";
import { cut, wholeOf, type Picture } from "./image.ts";

/** A picture of one row per list, each pixel [red, green, blue, alpha]. */
function picture(rows: number[][][]): Picture {
  return { width: rows[0]!.length, height: rows.length, data: Uint8Array.from(rows.flat(2)) };
}

const red = [255, 0, 0, 255];
const blue = [0, 0, 255, 255];

test("the planes are blue, green, red", () => {
  const one = picture([[red, blue]]);
  expect([...cut(one, wholeOf(one), 2, 1).data]).toEqual([0, 255, 0, 0, 255, 0]);
});

test("shrinking takes the mean, not one pixel of many", () => {
  const stripes = picture([[red, blue, red, blue]]);
  const { data } = cut(stripes, wholeOf(stripes), 1, 1);
  expect([...data].map(Math.round)).toEqual([128, 0, 128]);
});

test("what is transparent is white", () => {
  const glass = picture([[[0, 0, 0, 0]]]);
  expect([...cut(glass, wholeOf(glass), 1, 1).data]).toEqual([255, 255, 255]);
});

test("a box in another direction is turned upright", () => {
  const column = picture([[red], [blue]]);
  const downwards = [
    [1, 0],
    [1, 2],
    [0, 2],
    [0, 0],
  ] as const;
  expect([...cut(column, downwards, 2, 1).data]).toEqual([0, 255, 0, 0, 255, 0]);
});

test("beyond the edge the edge goes on", () => {
  const one = picture([[red]]);
  const wide = [
    [-3, -3],
    [5, -3],
    [5, 5],
    [-3, 5],
  ] as const;
  expect(new Set(cut(one, wide, 2, 2).data)).toEqual(new Set([0, 255]));
});
