import type { TargetName } from "#lib/deployments/spec.ts";
import type { Registered } from "#lib/targets/list-registered.ts";
import { findTarget, targets } from "#lib/targets/targets.ts";

/** A deployment's target as people call it: a cluster by its name, a built-in one by its title. */
export function targetWords(name: string): string {
  const builtIn = targets.find((target) => target.name === name);
  return builtIn?.title ?? name;
}

/** What a list can be narrowed to: this machine, all of a kind at once where there are several, each registered one. */
export function targetFilters(registered: readonly Registered[]): { value: string; words: string }[] {
  const all = (kind: TargetName, words: string) =>
    registered.filter((one) => one.kind === kind).length > 1 ? [{ value: kind, words }] : [];
  return [
    { value: "local", words: findTarget("local").title },
    ...all("kubernetes", "Every cluster"),
    ...all("gke", "Every Google project"),
    ...registered.map(({ name }) => ({ value: name, words: name })),
  ];
}
