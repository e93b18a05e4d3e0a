import * as z from "zod";
import { EngineError } from "#infra/engine/driver.ts";
import type { GoogleApi } from "#infra/google/api-client.ts";
import { whereIs } from "#infra/google/read-places.ts";
import type { GkeSettings, OwnCluster } from "#lib/targets/gke/settings.ts";

const machineType = z.looseObject({ guestCpus: z.number() });
const acceleratorType = z.looseObject({ maximumCardsPerInstance: z.number().nullish() });

type Place = Pick<GkeSettings, "project" | "zones">;

/**
 * Looks whether every zone of a pool has its machine and its GPU.
 *
 * @returns processors of one node
 * @throws EngineError `not_offered` that says where it is
 */
export async function checkOffers(
  api: GoogleApi,
  place: Place,
  { machineType: type, gpu }: OwnCluster,
  signal: AbortSignal,
): Promise<number> {
  const [machines, accelerators] = await Promise.all([
    offers(api, "machineTypes", type, place, signal),
    gpu && offers(api, "acceleratorTypes", gpu.type, place, signal),
  ]);
  const { maximumCardsPerInstance } = accelerators ? acceleratorType.parse(accelerators[0]) : {};
  if (gpu && maximumCardsPerInstance && gpu.count > maximumCardsPerInstance)
    throw new EngineError(
      "not_offered",
      `A node can have ${maximumCardsPerInstance} × ${gpu.type} at most, and ${gpu.count} are asked for. Choose fewer under Settings, then retry.`,
    );
  return machineType.parse(machines[0]).guestCpus;
}

/** What each zone offers under a name. */
async function offers(
  api: GoogleApi,
  kind: "machineTypes" | "acceleratorTypes",
  name: string,
  { project, zones }: Place,
  signal: AbortSignal,
): Promise<unknown[]> {
  const found = await Promise.all(
    zones.map((zone) => {
      const path = `projects/${project}/zones/${zone}/${kind}/${encodeURIComponent(name)}`;
      return api.find({ service: "compute", path, signal });
    }),
  );
  const lacking = zones.filter((_, index) => found[index] === null);
  if (lacking.length === 0) return found;
  const where = await whereIs(api, kind, name, { project, signal });
  const what = kind === "machineTypes" ? `machine type ${name}` : `GPU ${name}`;
  const elsewhere =
    where.length > 0
      ? `It is in ${listed(where)}. Choose another one under Settings, or a target in one of these places`
      : "No zone has it. Choose another one under Settings";
  throw new EngineError(
    "not_offered",
    `Google has no ${what} in ${lacking.join(", ")}. ${elsewhere}, then retry.`,
  );
}

/** More than these nobody reads in a sentence. */
const mostNamed = 12;

function listed(zones: string[]): string {
  const named = zones.slice(0, mostNamed).join(", ");
  return zones.length > mostNamed ? `${named} and ${zones.length - mostNamed} more zones` : named;
}
