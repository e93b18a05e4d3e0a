import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

/** 32 bytes, with a short name that tells which key sealed a value (for rotation). */
export type SealingKey = { bytes: Buffer; id: string };

/** @param base64 32 bytes as base64, from SLUICE_KEY or the key file */
export function parseSealingKey(base64: string): SealingKey {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length !== 32) throw new Error("A sealing key is 32 bytes as base64.");
  return { bytes, id: createHash("sha256").update("sluice key id").update(bytes).digest("hex").slice(0, 8) };
}

/**
 * Encrypts with AES-256-GCM. `owner` (a deployment's id, say) is bound in, so that a sealed value moved
 * to another row doesn't open.
 *
 * @returns `v1.<key id>.<nonce>.<tag and text>`, base64url
 */
export function seal(key: SealingKey, owner: string, text: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key.bytes, nonce).setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  const parts = [nonce, Buffer.concat([cipher.getAuthTag(), sealed])].map((b) => b.toString("base64url"));
  return ["v1", key.id, ...parts].join(".");
}

/** Thrown when a value was sealed by another key, for another owner, or was changed. */
export class UnsealError extends Error {
  override readonly name = "UnsealError";
}

/** @throws UnsealError */
export function unseal(key: SealingKey, owner: string, sealed: string): string {
  const [version, keyId, nonce, body] = sealed.split(".");
  if (version !== "v1" || !nonce || !body) throw new UnsealError("This isn't a sealed value.");
  if (keyId !== key.id) {
    throw new UnsealError(
      "This secret was sealed with another SLUICE_KEY. Start Sluice with the key it was stored with, or enter the secret again.",
    );
  }
  const bytes = Buffer.from(body, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", key.bytes, Buffer.from(nonce, "base64url"))
    .setAAD(Buffer.from(owner))
    .setAuthTag(bytes.subarray(0, 16));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString("utf8");
  } catch (cause) {
    throw new UnsealError("This sealed value was changed, or belongs to something else.", { cause });
  }
}
