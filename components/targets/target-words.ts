import { findTarget, targets } from "#lib/targets/targets.ts";

/** A deployment's target as people call it: a cluster by its name, a built-in one by its title. */
export function targetWords(name: string): string {
  const builtIn = targets.find((target) => target.name === name);
  return builtIn?.title ?? name;
}

/** What a list can be narrowed to: built-in targets that can be used, all clusters at once where there are several, each cluster. */
export function targetFilters(clusters: readonly string[]): { value: string; words: string }[] {
  const builtIn = targets.filter(({ name, refusal }) => name !== "kubernetes" && refusal === null);
  return [
    ...builtIn.map(({ name, title }) => ({ value: name, words: title })),
    ...(clusters.length > 1 ? [{ value: findTarget("kubernetes").name, words: "Every cluster" }] : []),
    ...clusters.map((name) => ({ value: name, words: name })),
  ];
}
