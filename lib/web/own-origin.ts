import { ownOrigins } from "#lib/auth/origins.ts";
import { SluiceError } from "#lib/errors.ts";
import type { Env } from "#lib/env.ts";

/**
 * Refuses a writing request that carries a cookie but doesn't come from one of our own pages. Browsers send
 * `Origin` with every such request; one that is missing, foreign or `null` (a sandboxed frame) is refused.
 *
 * @throws SluiceError `forbidden`
 */
export function requireOwnOrigin(env: Env, headers: Headers): void {
  const origin = headers.get("origin");
  if (origin !== null && ownOrigins(env).includes(origin)) return;
  throw new SluiceError(
    "forbidden",
    "This request didn't come from one of the portal's own pages. If you reach it by another address, set SLUICE_URL to it.",
  );
}
