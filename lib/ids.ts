import { randomBytes } from "node:crypto";

// Lower-case, no vowels (no words by accident), no look-alikes, no "_" or "%": an id is part of the
// engine's stack name, and the engine's Postgres state treats both as wildcards.
const ALPHABET = "23456789bcdfghjkmnpqrstvwxz";

type Prefix = "dep" | "rev" | "op" | "sec" | "key" | "lnk" | "exp" | "usr" | "tgt" | "job" | "arc";

/** A new random id such as `dep-7k2m9x4q8w3v`: 12 characters, about 57 bits. */
export function newId(prefix: Prefix): string {
  let id = "";
  while (id.length < 12) {
    for (const byte of randomBytes(24)) {
      // 243 = 9 × 27: rejecting the rest keeps every letter equally likely.
      if (byte < 243 && id.length < 12) id += ALPHABET[byte % 27];
    }
  }
  return `${prefix}-${id}`;
}
