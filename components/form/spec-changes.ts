import { fieldWords } from "#components/form/field-words.ts";
import { pairByKey, pairInOrder, type Pair } from "#components/form/pair-lists.ts";

type Named = { readonly name?: string };
type Spec = {
  variants: readonly Named[];
  env?: readonly Named[];
  routing?: { readonly rules?: readonly unknown[] };
};

export type SpecChange = { what: string; from: string; to: string };

/**
 * What differs between two specs, field by field, in words. A variant and a variable are what they are called, wherever
 * they stand; a rule is what it says, and its place counts.
 */
export function specChanges(before: Spec, after: Spec): SpecChange[] {
  const several = before.variants.length > 1 || after.variants.length > 1;
  const nameOf = ({ name }: Named) => name;
  const variants = pairByKey(before.variants, after.variants, nameOf);
  const rules = pairInOrder(before.routing?.rules ?? [], after.routing?.rules ?? [], text);
  const env = pairByKey(before.env ?? [], after.env ?? [], nameOf);
  const names = (pairs: Pair<Named>[]) => pairs.map((pair) => (pair.before ?? pair.after)?.name ?? "");
  const known = { variants: names(variants), env: names(env) };
  const said = (path: string) => fieldWords(path, several, known);
  return [
    // By its place among the pairs: that is what `known` goes by.
    ...variants.flatMap((pair, index) => differences(pair.before, pair.after, `variants.${index}`, said)),
    ...rules.flatMap((pair) => differences(pair.before, pair.after, `routing.rules.${pair.at}`, said)),
    ...differences(unlisted(before), unlisted(after), "", said),
    ...env.flatMap((pair, index) => differences(pair.before, pair.after, `env.${index}`, said)),
  ];
}

/** All but the lists that are compared item by item. */
function unlisted(spec: Spec): unknown {
  return { ...spec, variants: null, env: null, routing: { ...spec.routing, rules: null } };
}

function differences(
  before: unknown,
  after: unknown,
  path: string,
  said: (path: string) => string,
): SpecChange[] {
  const [old, next] = [flatten(before, path), flatten(after, path)];
  return [...new Set([...old.keys(), ...next.keys()])]
    .filter((key) => old.get(key) !== next.get(key))
    .map((key) => ({
      what: said(key),
      from: old.get(key) ?? absent(key),
      to: next.get(key) ?? absent(key),
    }));
}

function absent(path: string): string {
  if (path === "endpoint.gatewayClass" || path === "endpoint.serviceType") return "none";
  return path === "endpoint.port" ? "a free one" : "nothing";
}

/** Equal for what is equal, whatever the order of its fields. */
function text(value: unknown): string {
  return JSON.stringify([...flatten(value)].sort());
}

function flatten(value: unknown, path = "", into = new Map<string, string>()): Map<string, string> {
  if (value !== null && typeof value === "object") {
    for (const [name, inner] of Object.entries(value)) flatten(inner, path ? `${path}.${name}` : name, into);
  } else if (value !== undefined && value !== null) {
    into.set(path, typeof value === "boolean" ? (value ? "yes" : "no") : String(value));
  }
  return into;
}
