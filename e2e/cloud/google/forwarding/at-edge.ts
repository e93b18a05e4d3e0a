import type { JsonObject } from "#e2e/cloud/google/json.ts";
import type { Stored } from "#e2e/cloud/google/store.ts";

/**
 * What an object was at a moment: Google's many edges each learn of a change some time after it was made.
 *
 * @returns null where it wasn't there yet
 */
export function bodyAt(stored: Stored | undefined, moment: Date): JsonObject | null {
  if (!stored) return null;
  const created = stored.body.creationTimestamp;
  if (typeof created === "string" && new Date(created) > moment) return null;
  return stored.history.find(({ until }) => until > moment)?.body ?? stored.body;
}
