const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

/** Castagnoli's checksum as Cloud Storage writes it: big-endian, base64 (RFC 4960, appendix B). */
export function crc32c(bytes: Buffer): string {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ table[(value ^ byte) & 0xff]!;
  const written = Buffer.alloc(4);
  written.writeUInt32BE((value ^ 0xffffffff) >>> 0);
  return written.toString("base64");
}
