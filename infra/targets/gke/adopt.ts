import * as z from "zod";
import { EngineError } from "#infra/engine/driver.ts";
import type { GoogleApi } from "#infra/google/api-client.ts";
import { findResource, isMarked, placeOf } from "#infra/google/resource-place.ts";
import { waitForOperation } from "#infra/google/wait-for-operation.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

export type Adopting = {
  deploymentId: string;
  settings: GkeSettings;
  plan: readonly PlannedResource[];
  /** what the engine knows of */
  before: readonly PlannedResource[];
};

export type Adopted = {
  /** the plugin's ids of what is there and the engine doesn't know of, by key */
  imports: Map<string, string>;
  /** something that the engine knows of was deleted: it has to look before it believes its memory */
  looksFirst: boolean;
};

type Clustered = { resource: PlannedResource; path: string };

/** Google's own limit for a cluster that is being made is far below. */
const readyWithinMs = 40 * 60_000;
const pauseMs = 5_000;

/** What a cluster or a pool of nodes says of itself. */
const state = z.looseObject({
  status: z.string().nullish(),
  nodePools: z.array(z.looseObject({ name: z.string() })).nullish(),
});
const busy = ["PROVISIONING", "STOPPING", "RECONCILING"];

/**
 * Looks for what an attempt made that was broken off before the engine could note it: Google would answer a second
 * creation with 409. A cluster or a pool that is still being made is awaited; one that came out in ERROR is deleted, to
 * be made anew. Only what carries the deployment's mark is taken over.
 *
 * @throws EngineError `name_taken`; GoogleError, GoogleUnreachable or TokenError
 */
export async function adopt(api: GoogleApi, given: Adopting, signal: AbortSignal): Promise<Adopted> {
  const looksFirst = await makeWayForClusters(api, given, signal);
  // By its name too: a pool under another name is another one, and the engine deletes the old one after it.
  const isKnown = (one: PlannedResource) =>
    given.before.some(
      (other) => resourceKey(other) === resourceKey(one) && other.inputs.name === one.inputs.name,
    );
  const unknown = given.plan.filter((one) => !isKnown(one));
  const imports = new Map<string, string>();
  await Promise.all(
    unknown.map(async (resource) => {
      const thing = await findResource(api, resource, given, signal);
      if (thing === null) return;
      refuseForeign(resource, thing, given.deploymentId);
      // Its key can't be read back, so the engine would take it for another one and replace it: it is made anew.
      if (resource.type === gkeTypes.certificate) await remove(api, resource, given, signal);
      else imports.set(resourceKey(resource), idOf(resource, given));
    }),
  );
  if (imports.has(`${gkeTypes.cluster}::cluster`)) await removeDefaultPool(api, given, signal);
  return { imports, looksFirst };
}

/** Waits for the cluster and its nodes, in this order, and deletes what came out wrong. @returns whether any was known */
async function makeWayForClusters(api: GoogleApi, given: Adopting, signal: AbortSignal): Promise<boolean> {
  const known = new Set(given.before.map(resourceKey));
  let looksFirst = false;
  for (const type of [gkeTypes.cluster, gkeTypes.nodePool]) {
    const resource = given.plan.find((one) => one.type === type);
    if (!resource) continue;
    const path = placeOf(resource, given)!.path;
    const status = await settled(api, { resource, path }, given, signal);
    if (status !== "ERROR") continue;
    await remove(api, resource, given, signal);
    looksFirst ||= known.has(resourceKey(resource));
  }
  return looksFirst;
}

/** @returns its status once nothing is being done with it; null: there is none */
async function settled(
  api: GoogleApi,
  { resource, path }: Clustered,
  { deploymentId }: Adopting,
  signal: AbortSignal,
): Promise<string | null> {
  for (let waited = 0; ; waited += pauseMs) {
    const found = await api.find({ service: "container", path, signal });
    if (found === null) return null;
    refuseForeign(resource, found, deploymentId);
    const status = state.parse(found).status ?? "";
    if (!busy.includes(status)) return status;
    if (waited >= readyWithinMs)
      throw new EngineError(
        "target_unreachable",
        `Google is still busy with ${path.split("/").slice(-2).join(" ")} (${status}) after ${readyWithinMs / 60_000} minutes. See Google's console, and retry once it is done.`,
      );
    await api.pause(pauseMs, signal);
  }
}

function refuseForeign(resource: PlannedResource, thing: unknown, deploymentId: string): void {
  // A pool is in a cluster that is ours, or there is none.
  if (resource.type === gkeTypes.nodePool || isMarked(thing, deploymentId)) return;
  const what = `${resource.type.split(":").at(-1)} ${String(resource.inputs.name)}`;
  throw new EngineError(
    "name_taken",
    `There is already a ${what} in the project, which doesn't carry this deployment's mark, so nothing of it is touched. Rename or delete it, then retry.`,
  );
}

/** The plugin's name for it (its documentation, "Import"). */
function idOf({ type, inputs }: PlannedResource, given: Adopting): string {
  const name = String(inputs.name);
  const { path } = placeOf({ type, inputs }, given)!;
  if (type === gkeTypes.bucket) return name;
  if (type !== gkeTypes.nodePool) return path;
  const [, project, , location, , cluster] = path.split("/");
  return [project, location, cluster, name].join("/");
}

async function remove(
  api: GoogleApi,
  resource: PlannedResource,
  given: Adopting,
  signal: AbortSignal,
): Promise<void> {
  const { service, path } = placeOf(resource, given)!;
  if (service === "compute" || service === "container") await removeAt(api, { service, path }, given, signal);
}

async function removeAt(
  api: GoogleApi,
  { service, path }: { service: "compute" | "container"; path: string },
  { settings: { project } }: Adopting,
  signal: AbortSignal,
): Promise<void> {
  const begun = await api.find({ service, method: "DELETE", path, signal });
  if (begun !== null) await waitForOperation(api, { service, project, begun, signal });
}

/** The pool that a cluster begins with goes at the end of its creation, which an attempt may not have come to. */
async function removeDefaultPool(api: GoogleApi, given: Adopting, signal: AbortSignal): Promise<void> {
  const cluster = given.plan.find(({ type }) => type === gkeTypes.cluster)!;
  const { path } = placeOf(cluster, given)!;
  const { nodePools } = state.parse(await api.request({ service: "container", path, signal }));
  if (!nodePools?.some(({ name }) => name === "default-pool")) return;
  await removeAt(api, { service: "container", path: `${path}/nodePools/default-pool` }, given, signal);
}
