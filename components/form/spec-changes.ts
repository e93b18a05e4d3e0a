import { fieldWords } from "#components/form/field-words.ts";

type Variants = { variants: readonly { name?: string }[] };

export type SpecChange = { what: string; from: string; to: string };

/** What differs between two specs, field by field, in words. */
export function specChanges(before: Variants, after: Variants): SpecChange[] {
  const several = before.variants.length > 1 || after.variants.length > 1;
  const longer = after.variants.length > before.variants.length ? after : before;
  const names = longer.variants.map(({ name }, index) => before.variants[index]?.name ?? name ?? "");
  const old = flatten(before);
  const next = flatten(after);
  const paths = [...new Set([...old.keys(), ...next.keys()])];
  return paths
    .filter((path) => old.get(path) !== next.get(path))
    .map((path) => ({
      what: fieldWords(path, several, names),
      from: old.get(path) ?? absent(path),
      to: next.get(path) ?? absent(path),
    }));
}

function absent(path: string): string {
  if (path === "endpoint.gatewayClass" || path === "endpoint.serviceType") return "none";
  return path === "endpoint.port" ? "a free one" : "nothing";
}

function flatten(value: unknown, path = "", into = new Map<string, string>()): Map<string, string> {
  if (value !== null && typeof value === "object") {
    for (const [name, inner] of Object.entries(value)) flatten(inner, path ? `${path}.${name}` : name, into);
  } else if (value !== undefined && value !== null) {
    into.set(path, String(value));
  }
  return into;
}
