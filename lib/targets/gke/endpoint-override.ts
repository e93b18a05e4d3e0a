import { googleTokenUri } from "#lib/targets/gke/credentials.ts";

/**
 * Whether Google's APIs may be looked for at this address instead of at Google's: tokens go there, so it is encrypted
 * unless it is this machine's own loopback.
 */
export function isEndpointOverride(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  const isBare = url.pathname === "/" && !url.search && !url.hash && !url.username && !url.password;
  return isBare && (url.protocol === "https:" || (url.protocol === "http:" && isLoopback));
}

/** What a key file's `token_uri` has to be. @param override null: Google's own */
export function tokenUriOf(override: string | null): string {
  return override === null ? googleTokenUri : `${new URL(override).origin}/token`;
}
