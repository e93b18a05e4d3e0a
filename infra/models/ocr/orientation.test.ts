import { expect, test } from "vitest";
import { orientationOf, upright } from "./orientation.ts";

/** What a camera writes: a zero byte, a TIFF head, one directory with a width and an orientation. */
function exif(order: "II" | "MM", orientation: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(1 + 8 + 2 + 2 * 12));
  const little = order === "II";
  view.setUint16(1, little ? 0x4949 : 0x4d4d);
  view.setUint16(3, 42, little);
  view.setUint32(5, 8, little);
  view.setUint16(9, 2, little);
  view.setUint16(11, 0x0100, little);
  view.setUint16(23, 0x0112, little);
  view.setUint16(25, 3, little);
  view.setUint32(27, 1, little);
  view.setUint16(31, orientation, little);
  return new Uint8Array(view.buffer);
}

test("reads the orientation in both byte orders", () => {
  expect(orientationOf(exif("II", 6))).toBe(6);
  expect(orientationOf(exif("MM", 8))).toBe(8);
});

test("without it, or broken, the picture stays as it is", () => {
  expect(orientationOf(undefined)).toBe(1);
  expect(orientationOf(exif("II", 99))).toBe(1);
  for (let length = 0; length < 30; length++) expect(orientationOf(exif("MM", 6).slice(0, length))).toBe(1);
  const astray = exif("II", 6);
  astray.set([255, 255, 255, 127], 5);
  expect(orientationOf(astray)).toBe(1);
});

/** The letters that a picture's pixels stand for, row by row. */
function letters(orientation: number): string[] {
  const data = new Uint8Array([..."abcdef"].flatMap((letter) => [letter.charCodeAt(0), 0, 0, 255]));
  const { width, height, data: turned } = upright({ width: 3, height: 2, data }, orientation);
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => String.fromCharCode(turned[(y * width + x) * 4]!)).join(""),
  );
}

test.each([
  [1, ["abc", "def"]],
  [2, ["cba", "fed"]],
  [3, ["fed", "cba"]],
  [4, ["def", "abc"]],
  [5, ["ad", "be", "cf"]],
  [6, ["da", "eb", "fc"]],
  [7, ["fc", "eb", "da"]],
  [8, ["cf", "be", "ad"]],
])("orientation %i", (orientation, rows) => {
  expect(letters(orientation)).toEqual(rows);
});
