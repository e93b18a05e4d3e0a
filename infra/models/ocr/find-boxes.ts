import type { Point } from "./image.ts";
import { smallestRectangle, unclip, type Rectangle } from "./rectangle.ts";

/** A map of how likely each pixel belongs to text, 0–1, row by row. */
export type ProbabilityMap = { width: number; height: number; data: Float32Array };

/**
 * The values that PP-OCR uses with these weights, but for `unclipRatio` (1.5 there): with more air around a line
 * the recogniser loses fewer of the spaces between words.
 */
export const defaults = { threshold: 0.3, boxThreshold: 0.6, unclipRatio: 2, minSide: 3, maxBoxes: 1000 };

/** One rectangle around each piece of text in the map, grown to the size of the text. */
export function findBoxes(map: ProbabilityMap, options = defaults): Rectangle[] {
  const boxes: Rectangle[] = [];
  for (const blob of blobsOf(map, options.threshold)) {
    if (boxes.length === options.maxBoxes) break;
    // The outline runs through the middle of its pixels: half a pixel more on each side holds them whole.
    const through = smallestRectangle(blob.outline);
    const core = { ...through, width: through.width + 1, height: through.height + 1 };
    if (Math.min(core.width, core.height) < options.minSide) continue;
    if (blob.mean < options.boxThreshold) continue;
    boxes.push(unclip(core, options.unclipRatio));
  }
  return boxes;
}

type Blob = { outline: Point[]; mean: number };

/** Connected pieces above the threshold (diagonals connect), each with its border pixels and its mean. */
function* blobsOf({ width, height, data }: ProbabilityMap, threshold: number): Generator<Blob> {
  const seen = new Uint8Array(width * height);
  const isText = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && data[y * width + x]! > threshold;
  for (let start = 0; start < data.length; start++) {
    if (seen[start] || data[start]! <= threshold) continue;
    const outline: Point[] = [];
    const stack = [start];
    seen[start] = 1;
    let [sum, count] = [0, 0];
    while (stack.length > 0) {
      const at = stack.pop()!;
      const [x, y] = [at % width, Math.floor(at / width)];
      sum += data[at]!;
      count += 1;
      if (!isText(x - 1, y) || !isText(x + 1, y) || !isText(x, y - 1) || !isText(x, y + 1))
        outline.push([x, y]);
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const next = at + dy * width + dx;
          if (!isText(x + dx, y + dy) || seen[next]) continue;
          seen[next] = 1;
          stack.push(next);
        }
      }
    }
    yield { outline, mean: sum / count };
  }
}
