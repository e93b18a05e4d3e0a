import { EngineError } from "#infra/engine/driver.ts";
import type { GoogleApi } from "#infra/google/api-client.ts";
import { GoogleError } from "#infra/google/google-error.ts";
import type { Reach } from "#infra/google/reach-cluster.ts";
import { readAccount } from "#infra/google/read-account.ts";
import { findCluster, judgeCluster } from "#infra/google/read-clusters.ts";
import { readApis } from "#infra/google/read-project.ts";
import { findResource, isMarked } from "#infra/google/resource-place.ts";
import { checkNetwork } from "#infra/targets/gke/check-network.ts";
import { checkOffers } from "#infra/targets/gke/check-offers.ts";
import { checkQuotas } from "#infra/targets/gke/check-quotas.ts";
import { apiSentence, explainGoogle } from "#infra/targets/gke/explain-google.ts";
import { actAsRole } from "#lib/targets/gke/rights.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

/** What is to be made, and where. */
export type Preflight = {
  deploymentId: string;
  /** empty: all is to go */
  plan: readonly PlannedResource[];
  settings: GkeSettings;
  /** what the engine made before; null: it isn't known */
  before: readonly PlannedResource[] | null;
  reach?: Reach;
};

/**
 * Looks, before the engine is started, whether it can be done at all: the credentials work, the APIs are enabled, no name
 * is taken by something that isn't ours, the zones have the machines, the quotas suffice for exactly this plan, and an
 * existing cluster or a chosen network can be used. Changes nothing.
 *
 * @throws EngineError `target_refused`, `target_unreachable`, `api_disabled`, `name_taken`, `not_offered`,
 * `quota_exceeded`, `network_unusable` or `cluster_unusable`
 */
export async function gkePreflight(api: GoogleApi, given: Preflight, signal: AbortSignal): Promise<void> {
  try {
    await api.tokens.token(signal);
    // What is to go needs neither room nor rights to make something.
    if (given.plan.length === 0) return;
    await checkApis(api, given, signal);
    const there = await checkNames(api, given, signal);
    const isThere = (key: string) => there.has(key);
    await Promise.all([
      checkExisting(api, given, signal),
      checkChosen(api, given, isThere, signal),
      checkAccount(api, given, isThere, signal),
      checkPool(api, given, isThere, signal),
    ]);
  } catch (error) {
    throw explainGoogle(error, given.settings.project);
  }
}

/** APIs without which nothing is made; those that only show figures are none of them. */
function apisFor({ plan }: Preflight): string[] {
  const usual = ["compute.googleapis.com", "container.googleapis.com", "iam.googleapis.com"];
  const hasBucket = plan.some(({ type }) => type === gkeTypes.bucket);
  return hasBucket ? [...usual, "storage.googleapis.com"] : usual;
}

async function checkApis(api: GoogleApi, given: Preflight, signal: AbortSignal): Promise<void> {
  const needed = apisFor(given);
  const found = await readApis(api, given.settings.project, signal);
  const missing = found.filter(({ name, enabled }) => enabled === false && needed.includes(name));
  if (missing.length > 0) throw new EngineError("api_disabled", apiSentence(missing));
}

/**
 * Looks for what is there already under the names of a plan's resources.
 *
 * @returns keys of the resources that are there: the engine's, and ours that it doesn't know of
 * @throws EngineError `name_taken`
 */
async function checkNames(
  api: GoogleApi,
  { deploymentId, plan, settings, before }: Preflight,
  signal: AbortSignal,
): Promise<Set<string>> {
  const known = new Set((before ?? []).map(resourceKey));
  const isSame = (one: PlannedResource) =>
    before?.some((other) => resourceKey(other) === resourceKey(one) && other.inputs.name === one.inputs.name);
  const coming = plan.filter((one) => !isSame(one));
  const found = await Promise.all(
    coming.map(async (resource) => ({
      resource,
      thing: await findOrTaken(api, resource, { deploymentId, settings }, signal),
    })),
  );
  const taken = found.filter(
    ({ resource, thing }) => thing && resource.type !== gkeTypes.nodePool && !isMarked(thing, deploymentId),
  );
  if (taken.length > 0) throw nameTaken(taken.map(({ resource }) => resource));
  const replaced = coming.map(resourceKey);
  const here = found.filter(({ thing }) => thing).map(({ resource }) => resourceKey(resource));
  return new Set([...[...known].filter((key) => !replaced.includes(key)), ...here]);
}

/** A bucket's name is one in the whole world: another project's may not be looked at. */
async function findOrTaken(
  api: GoogleApi,
  resource: PlannedResource,
  where: Pick<Preflight, "deploymentId" | "settings">,
  signal: AbortSignal,
): Promise<unknown> {
  try {
    return await findResource(api, resource, where, signal);
  } catch (error) {
    const isOthers =
      resource.type === gkeTypes.bucket && error instanceof GoogleError && error.status === 403;
    if (isOthers && !/serviceusage|disabled/i.test(error.info?.reason ?? "")) return {};
    throw error;
  }
}

function nameTaken(taken: PlannedResource[]): EngineError {
  const named = taken
    .map(({ type, inputs }) => `${type.split(":").at(-1)} ${String(inputs.name)}`)
    .join(", ");
  const [is, it, doesnt] = taken.length === 1 ? ["is", "it", "doesn't"] : ["are", "them", "don't"];
  return new EngineError(
    "name_taken",
    `There ${is} already in the project: ${named}, which ${doesnt} carry this deployment's mark, so nothing of ${it} is touched. Rename or delete ${it}, then retry.`,
  );
}

async function checkExisting(
  api: GoogleApi,
  { plan, settings, reach }: Preflight,
  signal: AbortSignal,
): Promise<void> {
  const { cluster, project, region, location, zones } = settings;
  if (cluster.mode === "own") return;
  const { name } = cluster;
  const found = await findCluster(api, { project, location, name, signal });
  if (!found)
    throw new EngineError(
      "cluster_unusable",
      `There is no cluster ${name} in ${location} any more. If nothing was made yet, choose another one under Settings; else tear this deployment down, and make a new one.`,
    );
  const now = await judgeCluster(api, found, { project, region, reach, signal });
  const { problems, network, podsRange } = now;
  const [first] = problems;
  if (first)
    throw new EngineError(
      "cluster_unusable",
      `The cluster ${name} can't be used. ${first.message} ${first.todo}`,
    );
  if (network !== cluster.network || podsRange !== cluster.podsRange)
    throw new EngineError(
      "cluster_unusable",
      `The cluster ${name} is another one than when it was chosen: its network or the addresses of its pods differ. Choose it anew under Settings, then retry.`,
    );
  const gained = now.morePodsRanges.filter((range) => !cluster.morePodsRanges.includes(range));
  if (gained.length > 0 && plan.some(({ type }) => type === gkeTypes.firewall))
    throw new EngineError(
      "cluster_unusable",
      `The cluster ${name} has pods with addresses of ${gained.join(", ")}, to which this deployment's firewall lets nothing in. Have the project checked under Targets, then save the settings of this deployment once more.`,
    );
  const moved = zonesMoved(zones, now.zones);
  if (moved)
    throw new EngineError(
      "cluster_unusable",
      `Since it was chosen, the cluster ${name} ${moved}. The load balancer sends requests to pods in the zones of then, and those don't change. If nothing was made yet, have the project checked under Targets, and choose the cluster anew under Settings; else make a new deployment, and tear this one down once that one answers.`,
    );
}

/** Whether the plan has one of a type that isn't there yet. */
function isComing(
  plan: readonly PlannedResource[],
  type: string,
  isThere: (key: string) => boolean,
): boolean {
  return plan.some((one) => one.type === type && !isThere(resourceKey(one)));
}

/** A cluster that is there is in its network already. */
async function checkChosen(
  api: GoogleApi,
  { plan, settings }: Preflight,
  isThere: (key: string) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const { cluster } = settings;
  if (cluster.mode === "own" && cluster.network && isComing(plan, gkeTypes.cluster, isThere))
    await checkNetwork(api, cluster.network, settings, signal);
}

/** Which zones a cluster has nodes in by now, or none any more; null: it is as it was. */
function zonesMoved(before: readonly string[], now: readonly string[]): string | null {
  const gained = now.filter((zone) => !before.includes(zone)).join(", ");
  const lost = before.filter((zone) => !now.includes(zone)).join(", ");
  const told = [gained && `has got nodes in ${gained}`, lost && `has no nodes in ${lost} any more`];
  return told.filter(Boolean).join(", and ") || null;
}

async function checkAccount(
  api: GoogleApi,
  { plan, settings }: Preflight,
  isThere: (key: string) => boolean,
  signal: AbortSignal,
): Promise<void> {
  if (!isComing(plan, gkeTypes.nodePool, isThere)) return;
  const { project, nodeServiceAccount: email } = settings;
  const { exists, mayActAs } = await readAccount(api, { project, email, signal });
  if (exists === false)
    throw new EngineError(
      "target_refused",
      `There is no service account ${email}, which nodes are to act as. Make it with the script under Targets (Add a Google project), or give the target another one; then retry.`,
    );
  if (mayActAs === false)
    throw new EngineError(
      "target_refused",
      `The target's account may not run machines as ${email}. Give it the role ${actAsRole} on that account, then retry.`,
    );
}

async function checkPool(
  api: GoogleApi,
  { plan, settings }: Preflight,
  isThere: (key: string) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const { cluster } = settings;
  const isNew = isComing(plan, gkeTypes.nodePool, isThere);
  const cpus = cluster.mode === "own" && isNew ? await checkOffers(api, settings, cluster, signal) : 0;
  await checkQuotas(api, { plan, settings, cpus, isThere }, signal);
}
