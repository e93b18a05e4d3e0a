import { decodeText } from "./decode-text.ts";
import { cut, type Box, type Picture, type Planes } from "./image.ts";
import { run, type Models } from "./load-models.ts";

/** The recogniser takes lines of this height; shorter ones than `minWidth` are filled up on the right. */
const height = 48;
const minWidth = 320;
const maxWidth = 3200;

/** Below this, PP-OCR takes what was found for something else than text. */
const minConfidence = 0.5;

export type Line = { text: string; confidence: number; box: Box };

/** Reads one line of text; `null` where there is none. */
export async function readLine(models: Models, picture: Picture, box: Box): Promise<Line | null> {
  const [origin, right, , down] = box;
  const across = Math.hypot(right[0] - origin[0], right[1] - origin[1]);
  const high = Math.hypot(down[0] - origin[0], down[1] - origin[1]);
  if (across < 1 || high < 1) return null;
  const width = Math.min(maxWidth, Math.max(1, Math.ceil((across * height) / high)));
  const { data, dims } = await run(models.recogniser, padded(cut(picture, box, width, height)));
  const { text, confidence } = decodeText(data, dims[1]!, models.alphabet);
  if (text.trim() === "" || confidence < minConfidence) return null;
  return { text: text.trim(), confidence: Math.round(confidence * 1e4) / 1e4, box };
}

/** Scales 0–255 to -1–1 and fills up to the least width with 0, the middle. */
function padded({ width, height, data }: Planes): Planes {
  const wide = Math.max(width, minWidth);
  const result = new Float32Array(wide * height * 3);
  for (let row = 0; row < height * 3; row++) {
    for (let x = 0; x < width; x++) result[row * wide + x] = data[row * width + x]! / 127.5 - 1;
  }
  return { width: wide, height, data: result };
}
