import type { FormState } from "#components/form/form-state.ts";

type Lists = Pick<FormState, "variants" | "rules" | "env">;

/**
 * A field's path with its row's key in the place of its number: `env.0.name` → `env.row-7.name`. A number passes to
 * the next row when one is removed or moved, a key doesn't.
 */
export function rowField({ variants, rules, env }: Lists, field: string): string {
  const lists = { variants, "routing.rules": rules, env };
  return field.replace(
    /^(variants|routing\.rules|env)\.(\d+)/,
    (found, list: keyof typeof lists, number: string) => {
      const row = lists[list][Number(number)];
      return row ? `${list}.${row.key}` : found;
    },
  );
}
