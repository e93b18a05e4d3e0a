import { inputsThatCount, replacingInputsOf } from "#lib/targets/diff-plan.ts";
import { gkeTypes, irreplaceableTypes } from "#lib/targets/gke/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

const words: Record<string, string> = {
  [gkeTypes.network]: "the network",
  [gkeTypes.subnetwork]: "the network's addresses",
  [gkeTypes.cluster]: "the cluster",
  [gkeTypes.globalAddress]: "the address",
  [gkeTypes.address]: "the address",
};

/**
 * Whether an update would delete or make anew what a deployment can't do without: a cluster takes ten minutes to make,
 * and another address is none that anybody knows.
 *
 * @param before what the engine made
 * @returns a sentence that says what and why; null: nothing is lost
 */
export function refuseLoss(before: PlannedResource[], after: PlannedResource[]): string | null {
  const wanted = new Map(after.map((one) => [resourceKey(one), one]));
  const lost = before
    .filter(({ type }) => irreplaceableTypes.includes(type))
    .map((one) => ({ what: words[one.type] ?? one.name, why: lossOf(one, wanted.get(resourceKey(one))) }))
    .filter(({ why }) => why !== null);
  if (lost.length === 0) return null;
  const said = lost.map(({ what, why }) => `${what} ${why}`).join(", and ");
  return `The change would delete ${said}. Take it back; or make a new deployment with it, and tear this one down once that one answers.`;
}

function lossOf(before: PlannedResource, after: PlannedResource | undefined): string | null {
  if (!after) return "for good";
  const replacing = replacingInputsOf(before.type);
  const changed = inputsThatCount(before, after).filter((name) => replacing.includes(name));
  return changed.length > 0 ? `to make it anew (${changed.join(", ")})` : null;
}
