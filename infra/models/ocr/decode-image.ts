import { inflateSync } from "node:zlib";
import { decode as decodeJpeg } from "jpeg-js";
import { PNG } from "pngjs";
import { Refusal } from "../refusal.ts";
import type { Picture } from "./image.ts";
import { orientationOf, upright } from "./orientation.ts";

/** What the usual camera of a phone takes, 4032 × 3024, fits. */
export const maxPixels = 12.5e6;

/** Scans of a progressive JPEG: each costs a pass over all pixels, and a few bytes can ask for one. */
const maxScans = 64;

type Header = { format: "png" | "jpeg"; width: number; height: number };

/**
 * Reads size and format from the first bytes, without decoding, and refuses what would cost too much to decode.
 *
 * @throws Refusal 415 for another format, 422 for a broken head, 413 for too many pixels
 */
export function inspect(file: Buffer): Header {
  const header = pngHeader(file) ?? jpegHeader(file);
  if (!header) throw new Refusal(415, "unsupported_media_type", "The image is neither a PNG nor a JPEG.");
  const { width, height } = header;
  if (width < 1 || height < 1) throw broken();
  if (width * height > maxPixels) {
    throw new Refusal(
      413,
      "too_large",
      `The image has ${width} × ${height} pixels; at most 12.5 million can be read. Scale it down.`,
    );
  }
  return header;
}

/**
 * Decodes an image that {@link inspect} lets through, upright as its camera says.
 *
 * @throws Refusal as `inspect`, and 422 where the data are broken
 */
export function decode(file: Buffer): Picture {
  const { format, width, height } = inspect(file);
  try {
    if (format === "png") {
      boundInterlaced(file, width, height);
      return PNG.sync.read(file);
    }
    const { exifBuffer, ...picture } = decodeJpeg(file, {
      useTArray: true,
      maxResolutionInMP: maxPixels / 1e6,
      maxMemoryUsageInMB: 512,
    }) as Picture & { exifBuffer?: Uint8Array };
    return upright(picture, orientationOf(exifBuffer));
  } catch (error) {
    throw error instanceof Refusal ? error : broken();
  }
}

function broken(): Refusal {
  return new Refusal(422, "invalid", "The image is damaged and can't be read. Save it again and retry.");
}

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function pngHeader(file: Buffer): Header | null {
  if (!file.subarray(0, 8).equals(pngSignature)) return null;
  if (file.length < 33 || file.toString("latin1", 12, 16) !== "IHDR") throw broken();
  return { format: "png", width: file.readUInt32BE(16), height: file.readUInt32BE(20) };
}

/**
 * The decoder bounds what an ordinary PNG inflates to, but not an interlaced one, so that is tried here first:
 * its seven passes together hold at most eight bytes a pixel and a filter byte a row.
 */
function boundInterlaced(file: Buffer, width: number, height: number): void {
  if (file[28] !== 1) return;
  const data: Buffer[] = [];
  for (let at = 8; at + 12 <= file.length;) {
    const length = file.readUInt32BE(at);
    if (file.toString("latin1", at + 4, at + 8) === "IDAT") data.push(file.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  inflateSync(Buffer.concat(data), { maxOutputLength: width * height * 8 + 7 * (height + width) + 64 });
}

/** Walks the segments to the frame header (ISO 10918-1, B.1.1.3), then counts the scans. */
function jpegHeader(file: Buffer): Header | null {
  if (file[0] !== 0xff || file[1] !== 0xd8) return null;
  let at = 2;
  while (at + 9 < file.length) {
    if (file[at] !== 0xff) throw broken();
    const marker = file[at + 1]!;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      if (countScans(file, at) > maxScans) {
        throw new Refusal(
          422,
          "invalid",
          "The JPEG has too many scans. Save it as a baseline JPEG and retry.",
        );
      }
      return { format: "jpeg", height: file.readUInt16BE(at + 5), width: file.readUInt16BE(at + 7) };
    }
    at += 2 + file.readUInt16BE(at + 2);
  }
  throw broken();
}

function countScans(file: Buffer, from: number): number {
  const startOfScan = Buffer.from([0xff, 0xda]);
  let scans = 0;
  for (let at = file.indexOf(startOfScan, from); at !== -1; at = file.indexOf(startOfScan, at + 2))
    scans += 1;
  return scans;
}
