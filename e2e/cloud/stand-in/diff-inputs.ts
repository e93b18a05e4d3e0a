import { changedFields } from "#e2e/cloud/stand-in/fields.ts";
import type { Kind } from "#e2e/cloud/stand-in/kind.ts";
import { isAsAsked, isObject } from "#e2e/cloud/stand-in/values.ts";
import type { Fields } from "#e2e/stand-in/protocol.ts";

/** What a program asks for otherwise than before, and what of it means another thing. */
export function diffInputs(
  { fields, immovable }: Pick<Kind, "fields" | "immovable">,
  before: Fields,
  state: Fields,
  after: Fields,
): { diffs: string[]; replaces: string[] } {
  const diffs = changedFields(fields, before, state, after);
  const replaces = immovable.filter((path) => {
    const [name = "", inner] = path.split(".");
    if (!diffs.includes(name)) return false;
    if (inner === undefined) return true;
    const [was, is] = [within(before[name] ?? state[name], inner), within(after[name], inner)];
    return !(isAsAsked(was, is) && isAsAsked(is, was));
  });
  return { diffs, replaces };
}

function within(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}
