import type { EndpointKeyView } from "#lib/deployments/endpoint-keys.ts";

export type MadeKey = { id: string; key: string };

/**
 * The key that was just made, for as long as it opens something.
 *
 * @param keys as they are listed: the newest may not be among them yet
 */
export function freshKey(made: MadeKey | null, keys: readonly EndpointKeyView[]): string | null {
  const isRevoked = keys.some(({ id, revokedAt }) => id === made?.id && revokedAt !== null);
  return made === null || isRevoked ? null : made.key;
}
