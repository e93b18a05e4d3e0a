import * as z from "zod";
import { EngineError } from "#infra/engine/driver.ts";
import type { GoogleApi } from "#infra/google/api-client.ts";
import { listAll } from "#infra/google/list-all.ts";
import { partialLink } from "#lib/targets/gke/links.ts";
import type { ChosenNetwork, GkeSettings } from "#lib/targets/gke/settings.ts";
import { someNames } from "#lib/targets/some-names.ts";

const subnetwork = z.looseObject({
  name: z.string(),
  network: z.string(),
  secondaryIpRanges: z.array(z.looseObject({ rangeName: z.string() })).nullish(),
});
type Subnetwork = z.infer<typeof subnetwork>;

type Place = Pick<GkeSettings, "project" | "region">;

const todo = "Put the name right under Settings, or make what is missing, then retry.";

/**
 * Looks whether a chosen network is as it was typed: Google would say so only once half of a deployment is made.
 *
 * @throws EngineError `network_unusable` that says what is there instead
 */
export async function checkNetwork(
  api: GoogleApi,
  chosen: ChosenNetwork,
  { project, region }: Place,
  signal: AbortSignal,
): Promise<void> {
  const answer = await api.find({ service: "compute", path: chosen.subnetwork, signal });
  const problem =
    answer === null
      ? await missing(api, chosen, { project, region }, signal)
      : problemOf(subnetwork.parse(answer), chosen);
  if (problem) throw new EngineError("network_unusable", `${problem} ${todo}`);
}

/** What else there is in the region, the chosen network's first. */
async function missing(
  api: GoogleApi,
  chosen: ChosenNetwork,
  { project, region }: Place,
  signal: AbortSignal,
): Promise<string> {
  const path = `projects/${project}/regions/${region}/subnetworks`;
  const all = await listAll(api, { service: "compute", path, query: { maxResults: "500" }, signal });
  const found = all.map((each) => subnetwork.parse(each));
  const near = found.toSorted((a, b) => Number(isOf(b, chosen)) - Number(isOf(a, chosen)));
  const names = near.map(({ name, network }) => `${name} of the network ${nameOf(network)}`);
  const there = names.length > 0 ? `There are: ${someNames(names)}.` : "There is none at all.";
  return `There is no subnetwork ${nameOf(chosen.subnetwork)} in ${region}. ${there}`;
}

/** Null: it is as it was typed. */
function problemOf(found: Subnetwork, chosen: ChosenNetwork): string | null {
  if (!isOf(found, chosen))
    return `The subnetwork ${found.name} is of the network ${nameOf(found.network)}, not of ${nameOf(chosen.network)}.`;
  const names = (found.secondaryIpRanges ?? []).map(({ rangeName }) => rangeName);
  const lacking = [chosen.podsRangeName, chosen.servicesRangeName].filter((name) => !names.includes(name));
  if (lacking.length === 0) return null;
  const there = names.length > 0 ? `It has: ${someNames(names)}.` : "It has none at all.";
  return `The subnetwork ${found.name} has no secondary range ${lacking.join(" and no ")}. ${there}`;
}

function isOf({ network }: Subnetwork, chosen: ChosenNetwork): boolean {
  return partialLink(network) === chosen.network;
}

function nameOf(link: string): string {
  return link.split("/").at(-1)!;
}
