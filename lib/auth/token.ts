import { createHash, randomBytes } from "node:crypto";

/** What a token opens, told by its first letters, so that one found in a log says what it is. */
export type TokenPrefix = "slk" | "sle" | "slp" | "sll";

/** A new random token of 192 bits: `slk_` API key, `sle_` endpoint key, `slp_` the portal's own, `sll_` link. */
export function newToken(prefix: TokenPrefix): string {
  return `${prefix}_${randomBytes(24).toString("base64url")}`;
}

/** What is stored of a token: SHA-256 in lower-case hex. (Random tokens need no slow hash.) */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** The first characters, to tell keys apart on a page. */
export function visiblePrefix(token: string): string {
  return token.slice(0, 10);
}
