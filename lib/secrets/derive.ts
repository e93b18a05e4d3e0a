import { hkdfSync } from "node:crypto";
import type { SealingKey } from "#lib/secrets/seal.ts";

/** A secret of 32 bytes for one purpose, from which neither the key nor another purpose's secret follows (RFC 5869). */
export function deriveSecret(key: SealingKey, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", key.bytes, "", `sluice ${purpose}`, 32));
}
