import { readFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";
import jpeg from "jpeg-js";
import { expect, test } from "vitest";
import { decode, inspect } from "./decode-image.ts";

const sample = readFileSync("public/samples/delivery-note.png");
const photo = jpeg.encode({ width: 40, height: 30, data: Buffer.alloc(40 * 30 * 4, 200) }, 80).data;

/** A PNG with eight bits a channel, of which only the head need be sensible. */
function png(width: number, height: number, interlaced = false, pixels = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 6, 0, 0, interlaced ? 1 : 0], 8);
  const number = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const chunk = (type: string, data: Buffer) => {
    const content = Buffer.concat([Buffer.from(type, "latin1"), data]);
    return Buffer.concat([number(data.length), content, number(crc32(content))]);
  };
  const chunks = [chunk("IHDR", head), chunk("IDAT", deflateSync(pixels)), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([sample.subarray(0, 8), ...chunks]);
}

const refusal = (status: number, code: string) => expect.objectContaining({ name: "Refusal", status, code });

test("reads size and pixels of both formats", () => {
  expect(inspect(sample)).toEqual({ format: "png", width: 720, height: 360 });
  expect(decode(sample)).toMatchObject({ width: 720, height: 360 });
  expect(inspect(photo)).toEqual({ format: "jpeg", width: 40, height: 30 });
  const { width, height, data } = decode(photo);
  expect([width, height, data.length, data[3]]).toEqual([40, 30, 40 * 30 * 4, 255]);
  expect(Math.abs(data[0]! - 200)).toBeLessThan(4);
});

test("a photo that was taken sideways comes upright", () => {
  const tiff = Buffer.from("4d4d002a00000008" + "0001" + "0112000300000001" + "00060000" + "00000000", "hex");
  const exif = Buffer.concat([Buffer.from("Exif\0\0"), tiff]);
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0, exif.length + 2]), exif]);
  const sideways = Buffer.concat([photo.subarray(0, 2), segment, photo.subarray(2)]);
  expect(decode(sideways)).toMatchObject({ width: 30, height: 40 });
});

test("too many pixels are refused by the head alone", () => {
  expect(() => inspect(png(100_000, 100_000))).toThrow(refusal(413, "too_large"));
  expect(() => inspect(png(4_168, 3_000))).toThrow(refusal(413, "too_large"));
  expect(inspect(png(4_032, 3_024))).toMatchObject({ width: 4_032 });
  const huge = Buffer.from(photo);
  const frame = huge.indexOf(Buffer.from([0xff, 0xc0]));
  huge.writeUInt16BE(60_000, frame + 5);
  huge.writeUInt16BE(60_000, frame + 7);
  expect(() => inspect(huge)).toThrow(refusal(413, "too_large"));
});

test("data that inflate to more than the pixels need are not unpacked", () => {
  const onePixel = Buffer.from([0, 10, 20, 30, 255]);
  expect([...decode(png(1, 1, true, onePixel)).data]).toEqual([10, 20, 30, 255]);
  const bomb = Buffer.concat([onePixel, Buffer.alloc(50_000_000)]);
  for (const interlaced of [false, true]) {
    expect(() => decode(png(1, 1, interlaced, bomb))).toThrow(refusal(422, "invalid"));
  }
});

test("a JPEG that asks for very many passes is refused", () => {
  const scan = Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0]);
  const end = photo.length - 2;
  const many = Buffer.concat([photo.subarray(0, end), ...Array<Buffer>(100).fill(scan), photo.subarray(end)]);
  expect(() => inspect(many)).toThrow(refusal(422, "invalid"));
});

test.each([
  ["nothing", Buffer.alloc(0), 415],
  ["text", Buffer.from("hello"), 415],
  ["half a PNG head", sample.subarray(0, 20), 422],
  ["a PNG without pixels", png(0, 10), 422],
  ["a PNG cut off in its data", sample.subarray(0, 9_000), 422],
  ["a JPEG cut off in its head", photo.subarray(0, 100), 422],
  [
    "a JPEG with garbage between its segments",
    Buffer.from([0xff, 0xd8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    422,
  ],
])("refuses %s", (_, file, status) => {
  expect(() => decode(file)).toThrow(refusal(status, status === 415 ? "unsupported_media_type" : "invalid"));
});
