import { inWordsOf, isAsAsked, isNothing, isObject } from "#e2e/cloud/stand-in/values.ts";
import type { Fields } from "#e2e/stand-in/protocol.ts";

/** How an input of the SDK is a field of the API. */
export type Field = {
  /** Where the API has it, such as `connectionDraining.drainingTimeoutSec`; under its own name if left out. */
  at?: string;
  /** Where the API shows it, if elsewhere. */
  shownAt?: string;
  /** What the plugin asks for where a program says nothing. */
  standard?: unknown;
  /** What the API makes of it where a program says nothing is right, so that leaving it out changes nothing. */
  computed?: true;
  /** The plugin's own: the API never hears of it. */
  local?: true;
  /** What the plugin takes it for in what it imports, if it is its own. */
  imported?: unknown;
  /** The API takes it and doesn't show it again. */
  unseen?: true;
  write?: (value: unknown, inputs: Fields) => unknown;
  read?: (value: unknown, live: Fields) => unknown;
  /** Where the same thing can be said in more ways than links have. */
  isSame?: (asked: unknown, live: unknown) => boolean;
};

/** By the names of the SDK's inputs. */
export type FieldTable = Readonly<Record<string, Field>>;

/** Inputs that every kind has. What becomes of a thing when it is deleted is the plugin's own. */
export const everywhere: FieldTable = { project: { local: true }, deletionPolicy: { local: true } };

/** The body that these inputs ask for. */
export function bodyOf(table: FieldTable, inputs: Fields): Fields {
  const body: Fields = {};
  for (const [name, { at = name, standard, local, write }] of Object.entries(table)) {
    const value = inputs[name] ?? standard;
    if (local || value === undefined) continue;
    place(body, at.split("."), write ? write(value, inputs) : value);
  }
  return body;
}

function place(body: Fields, [first = "", ...rest]: string[], value: unknown): void {
  if (rest.length === 0) body[first] = value;
  else {
    const inner = isObject(body[first]) ? body[first] : {};
    body[first] = inner;
    place(inner, rest, value);
  }
}

/** What the API says of a thing, as the SDK names it; without what is nothing. */
export function readBody(table: FieldTable, live: Fields): Fields {
  const read = Object.entries(table).flatMap(([name, field]) => {
    const { at = name, shownAt = at, read: take } = field;
    if (field.local || field.unseen) return [];
    const found = shownAt
      .split(".")
      .reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : null), live);
    const value = take && !isNothing(found) ? take(found, live) : found;
    return isNothing(value) ? [] : [[name, value] as const];
  });
  return Object.fromEntries(read);
}

/**
 * The inputs that a program would have to give for what is there. Without earlier ones (an import) only what is
 * plain is an input; how far the rest is as a program asks for it, the state says.
 *
 * @param seen what `readBody` gave
 */
export function liveInputs(table: FieldTable, earlier: Fields | null, seen: Fields): Fields {
  const entries = Object.entries(table).flatMap(([name, field]) => {
    const asked = earlier?.[name];
    const live = seen[name];
    if (field.local || field.unseen) {
      const kept = earlier === null ? field.imported : asked;
      return kept === undefined ? [] : [[name, kept] as const];
    }
    if (asked !== undefined) {
      const isKept = field.isSame?.(asked, live) ?? isAsAsked(asked, live);
      if (isKept) return [[name, asked] as const];
      return live === undefined ? [] : [[name, inWordsOf(asked, live)] as const];
    }
    const isOwn = field.computed || live === undefined || isAsAsked(field.standard, live);
    return isOwn || (earlier === null && isNested(live)) ? [] : [[name, live] as const];
  });
  return Object.fromEntries(entries);
}

function isNested(value: unknown): boolean {
  return Array.isArray(value) ? value.some(isObject) : isObject(value);
}

/** Inputs that no answer of the API has. */
export function keptInputs(table: FieldTable, inputs: Fields): Fields {
  const kept = Object.entries(inputs).filter(([name]) => table[name]?.local || table[name]?.unseen);
  return Object.fromEntries(kept);
}

/** Names of the inputs that a program asks for otherwise than before. @param state what is known to be there */
export function changedFields(table: FieldTable, before: Fields, state: Fields, after: Fields): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => {
    const { isSame = isAsAsked, computed, standard } = table[name] ?? {};
    if (after[name] === undefined) return !computed && !isAsAsked(standard, before[name]);
    if (before[name] === undefined) return !isSame(after[name], state[name]);
    return !(isSame(after[name], before[name]) && isSame(before[name], after[name]));
  });
}
