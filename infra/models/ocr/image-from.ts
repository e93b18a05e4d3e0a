import { parseObject } from "../read-body.ts";
import { Refusal } from "../refusal.ts";

export const maxImageBytes = 5e6;

/** Media types and the bytes that each may have; in JSON an image takes four bytes for three. */
export const accepts = {
  "image/png": maxImageBytes,
  "image/jpeg": maxImageBytes,
  "application/json": Math.ceil((maxImageBytes * 4) / 3) + 1_000,
};

/**
 * The image file in a request: the body itself, or `{"image": base64}`, also as a data URL.
 *
 * @throws Refusal 400, 413 or 422
 */
export function imageFrom(body: Buffer, contentType: string): Buffer {
  if (contentType !== "application/json") return body;
  const { image } = parseObject(body);
  if (typeof image !== "string" || image === "") {
    throw new Refusal(422, "invalid", 'Send {"image": "…"} with a PNG or JPEG as base64.');
  }
  const base64 = image.replace(/^data:image\/(png|jpeg);base64,/, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    throw new Refusal(422, "invalid", "The image is not valid base64.");
  }
  const file = Buffer.from(base64, "base64");
  if (file.length > maxImageBytes) {
    throw new Refusal(413, "too_large", "The image is larger than 5.0 MB. Send a smaller one.");
  }
  return file;
}
