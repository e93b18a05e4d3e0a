import { createCipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

/** What the engine encrypts a stack's secret values with. Losing it makes the state unreadable. */
export type StackSecrets = { passphrase: string; salt: string };

/**
 * New secrets for a stack. The engine would make its own salt and write it into the work folder; making it here,
 * in the engine's form (sdk/go/common/resource/config/crypt.go: PBKDF2 of a million rounds, then the word
 * "pulumi" under AES-256-GCM), lets both be stored before anything exists, and the work folder stay a cache.
 */
export async function newStackSecrets(): Promise<StackSecrets> {
  const passphrase = randomBytes(24).toString("base64url");
  const salt = randomBytes(8);
  const key = await promisify(pbkdf2)(passphrase, salt, 1_000_000, 32, "sha256");
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const text = Buffer.concat([cipher.update("pulumi"), cipher.final(), cipher.getAuthTag()]);
  const proof = `v1:${nonce.toString("base64")}:${text.toString("base64")}`;
  return { passphrase, salt: `v1:${salt.toString("base64")}:${proof}` };
}
