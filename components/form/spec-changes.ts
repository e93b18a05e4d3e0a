import { fieldWords } from "#components/form/problem-summary.tsx";

export type SpecChange = { what: string; from: string; to: string };

/** What differs between two specs, field by field, in words. */
export function specChanges(before: object, after: object): SpecChange[] {
  const old = flatten(before);
  const next = flatten(after);
  const paths = [...new Set([...old.keys(), ...next.keys()])];
  return paths
    .filter((path) => old.get(path) !== next.get(path))
    .map((path) => ({ what: fieldWords(path), from: old.get(path) ?? "nothing", to: next.get(path) ?? "nothing" }));
}

function flatten(value: unknown, path = "", into = new Map<string, string>()): Map<string, string> {
  if (value !== null && typeof value === "object") {
    for (const [name, inner] of Object.entries(value)) flatten(inner, path ? `${path}.${name}` : name, into);
  } else if (value !== undefined && value !== null) {
    into.set(path, String(value));
  }
  return into;
}
