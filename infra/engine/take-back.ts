import type { EngineStack, EngineState } from "#infra/engine/driver.ts";
import { nameInUrn } from "#infra/engine/name-in-urn.ts";
import type { Mended } from "#infra/engine/recovery.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

type Remembered = NonNullable<NonNullable<EngineState["deployment"]>["resources"]>[number];

/**
 * Has the engine keep what it was to delete after all. Where a change gives a thing another name, the new one is made
 * first and the old one deleted at the end; a change that failed in between leaves both. If the old name is wanted
 * again, the engine would make the thing anew, and find its name taken: of what it is to delete it only knows that. So
 * the two change places: the old one is the thing again, and the new one goes at the end.
 *
 * @param state what the stack remembers now
 */
export async function takeBack(
  stack: EngineStack,
  state: EngineState | null,
  plan: readonly PlannedResource[],
): Promise<Mended> {
  const before = state?.deployment?.resources ?? [];
  const wanted = new Map(plan.map((one) => [resourceKey(one), one.inputs.name]));
  const resources = [...before];
  const said: string[] = [];
  for (const [at, current] of before.entries()) {
    const name = wanted.get(keyOf(current));
    if (current.delete || name === undefined || current.inputs?.name === name) continue;
    const oldAt = before.findIndex(
      (one) => one.delete && one.urn === current.urn && one.inputs?.name === name,
    );
    if (oldAt < 0) continue;
    const { delete: _, ...old } = before[oldAt]!;
    // Each where the other one was: what depends on the thing comes after the one that stays.
    resources[at] = old;
    resources[oldAt] = { ...current, delete: true };
    said.push(`${String(name)} is wanted again: it stays, and ${String(current.inputs?.name)} goes.`);
  }
  if (said.length === 0) return { state, said };
  const mended = { ...state!, deployment: { ...state!.deployment, resources } };
  await stack.importState(mended);
  return { state: mended, said };
}

function keyOf({ urn, type }: Remembered): string {
  return resourceKey({ type, name: nameInUrn(urn) });
}
