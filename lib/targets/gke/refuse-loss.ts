import { inputsThatCount, replacingInputsOf } from "#lib/targets/diff-plan.ts";
import { partialLink } from "#lib/targets/gke/links.ts";
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
  // Of what was taken over the engine knows only the inputs that its plugin could read: whether another one changes
  // anything is the plugin's to say (`keep` of the program refuses then).
  const changed = inputsThatCount(asPlanned(before), after).filter(
    (name) => replacing.includes(name) && name in before.inputs,
  );
  return changed.length > 0 ? `to make it anew (${changed.join(", ")})` : null;
}

/** Of what was taken over the engine knows whole links, where a plan has partial ones. */
function asPlanned(before: PlannedResource): PlannedResource {
  const inputs = Object.entries(before.inputs).map(([name, value]) => [
    name,
    typeof value === "string" ? partialLink(value) : value,
  ]);
  return { ...before, inputs: Object.fromEntries(inputs) as PlannedResource["inputs"] };
}
