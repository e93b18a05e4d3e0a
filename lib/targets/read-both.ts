import { SluiceError, type FieldError } from "#lib/errors.ts";
import { invalid } from "#lib/parse-input.ts";

/**
 * Reads two parts of what was sent. Where both have problems they are told at once, so that nobody mends one only to
 * hear of the other; of a field that both refuse the first's word counts.
 *
 * @throws SluiceError `invalid` with the fields of both, or whatever else a part throws
 */
export function readBoth<A, B>(first: () => A, second: () => B): [A, B] {
  const one = tried(first);
  const other = tried(second);
  if ("value" in one && "value" in other) return [one.value, other.value];
  if ("value" in one || "value" in other) throw "error" in one ? one.error : (other as Refused).error;
  const named = new Set(one.error.fields.map(({ field }) => field));
  const more: FieldError[] = other.error.fields.filter(({ field }) => !named.has(field));
  throw more.length > 0 ? invalid([...one.error.fields, ...more]) : one.error;
}

type Refused = { error: SluiceError };

function tried<T>(read: () => T): { value: T } | Refused {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof SluiceError && error.code === "invalid") return { error };
    throw error;
  }
}
