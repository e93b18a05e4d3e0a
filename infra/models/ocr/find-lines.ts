import { findBoxes } from "./find-boxes.ts";
import { cut, wholeOf, type Box, type Picture, type Planes, type Point } from "./image.ts";
import { run, type Models } from "./load-models.ts";
import { inReadingOrder } from "./reading-order.ts";
import { cornersOf } from "./rectangle.ts";

/** The longer side that a picture is shrunk to before detection, in pixels, as PP-OCR does it. */
const longestSide = 960;

/** Mean and deviation of each plane in the detector's training data, 0–1. */
const mean = [0.485, 0.456, 0.406];
const deviation = [0.229, 0.224, 0.225];

/** Finds the lines of text in a picture, in reading order, in the picture's own pixels. */
export async function findLines(models: Models, picture: Picture): Promise<Box[]> {
  const scale = Math.min(1, longestSide / Math.max(picture.width, picture.height));
  const input = cut(picture, wholeOf(picture), side(picture.width * scale), side(picture.height * scale));
  normalise(input);
  const { data, dims } = await run(models.detector, input);
  const map = { data, height: dims[2]!, width: dims[3]! };
  const toPicture = ([x, y]: Point): Point => [
    within(((x + 0.5) * picture.width) / map.width, picture.width),
    within(((y + 0.5) * picture.height) / map.height, picture.height),
  ];
  const boxes = findBoxes(map).map((rectangle) => cornersOf(rectangle).map(toPicture) as unknown as Box);
  return inReadingOrder(boxes);
}

/** The detector takes multiples of 32. */
const side = (pixels: number): number => Math.max(32, Math.round(pixels / 32) * 32);

const within = (value: number, limit: number): number =>
  Math.round(Math.min(Math.max(value, 0), limit) * 10) / 10;

function normalise({ width, height, data }: Planes): void {
  const plane = width * height;
  for (let i = 0; i < data.length; i++) {
    const channel = Math.floor(i / plane);
    data[i] = (data[i]! / 255 - mean[channel]!) / deviation[channel]!;
  }
}
