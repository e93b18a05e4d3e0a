import type { Picture } from "./image.ts";

const orientationTag = 0x0112;

/**
 * How a camera says that its picture must be turned, 1–8 (Exif 2.32, 4.6.4); 1, as it is, where it says nothing.
 *
 * @param exif the data after the word "Exif" and one zero byte: another zero byte, then a TIFF head
 */
export function orientationOf(exif: Uint8Array | undefined): number {
  if (!exif || exif.length < 15) return 1;
  const tiff = new DataView(exif.buffer, exif.byteOffset + 1, exif.byteLength - 1);
  const little = tiff.getUint16(0) === 0x4949;
  const directory = tiff.getUint32(4, little);
  if (directory + 2 > tiff.byteLength) return 1;
  const entries = tiff.getUint16(directory, little);
  for (let entry = 0; entry < entries; entry++) {
    const at = directory + 2 + entry * 12;
    if (at + 12 > tiff.byteLength) return 1;
    if (tiff.getUint16(at, little) !== orientationTag) continue;
    const value = tiff.getUint16(at + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** Turns a picture so that its first row is what one sees at the top. */
export function upright(picture: Picture, orientation: number): Picture {
  if (orientation === 1) return picture;
  const { width, height, data } = picture;
  const turned = orientation >= 5;
  const [fromRight, fromBottom] = [[2, 3, 7, 8].includes(orientation), [3, 4, 6, 7].includes(orientation)];
  const [newWidth, newHeight] = turned ? [height, width] : [width, height];
  const source = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const result = new Uint32Array(width * height);
  for (let y = 0; y < newHeight; y++) {
    for (let x = 0; x < newWidth; x++) {
      const [across, down] = turned ? [y, x] : [x, y];
      const row = fromBottom ? height - 1 - down : down;
      result[y * newWidth + x] = source[row * width + (fromRight ? width - 1 - across : across)]!;
    }
  }
  return { width: newWidth, height: newHeight, data: new Uint8Array(result.buffer) };
}
