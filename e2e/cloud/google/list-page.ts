import { invalidValue } from "#e2e/cloud/google/google-error.ts";

/**
 * One page of a list. A page's token is the number of what came before it.
 *
 * @throws GoogleError 400 for a token that no page had
 */
export function pageOf<T>(
  all: T[],
  size: number | null,
  token: string | null,
): { items: T[]; nextPageToken?: string } {
  const from = token ? Number(token) : 0;
  if (!Number.isInteger(from) || from < 0) throw invalidValue("pageToken", token, "Invalid page token.");
  const to = from + (size || 500);
  return { items: all.slice(from, to), ...(to < all.length && { nextPageToken: String(to) }) };
}
