/**
 * JSON that Postgres takes as `jsonb`, whatever bytes a program wrote: it refuses a zero byte and half a
 * character (a surrogate without its other half) in any text. Replaced, not left out: what a zero byte kept apart
 * may be a secret that wasn't found when secrets were masked.
 */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "string" ? part.replaceAll("\0", "\ufffd").toWellFormed() : part,
  );
}
