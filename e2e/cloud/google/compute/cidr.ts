/** An IPv4 range as its first and last address. */
export type Range = { first: number; last: number };

/** @returns null for what isn't a range in CIDR notation, with no bits set outside its mask */
export function parseCidr(text: string): Range | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text)?.slice(1).map(Number);
  if (!parts) return null;
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = parts;
  if (Math.max(a, b, c, d) > 255 || bits > 32) return null;
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - bits);
  return first % size === 0 ? { first, last: first + size - 1 } : null;
}

export const overlaps = (a: Range, b: Range): boolean => a.first <= b.last && b.first <= a.last;
