import { googleApi, quotaProjectOf, type GoogleApi } from "#infra/google/api-client.ts";
import type { GoogleEndpoints } from "#infra/google/endpoints.ts";
import { disabledApi, explainTrouble } from "#infra/google/explain-trouble.ts";
import { GoogleError } from "#infra/google/google-error.ts";
import { tokenSource } from "#infra/google/mint-token.ts";
import type { Reach } from "#infra/google/reach-cluster.ts";
import { readAccount } from "#infra/google/read-account.ts";
import { readClusters } from "#infra/google/read-clusters.ts";
import {
  readAccelerators,
  readComputeProject,
  readMachineTypes,
  readRegion,
} from "#infra/google/read-places.ts";
import {
  isAboutRights,
  readApis,
  readProject,
  reviewRights,
  unlessRefused,
} from "#infra/google/read-project.ts";
import { systemClock, type Clock } from "#lib/clock.ts";
import type { WorkerCredentials } from "#lib/targets/gke/credentials.ts";
import { nothingFound, type ProjectFindings, type Trouble } from "#lib/targets/gke/findings.ts";
import { gapsOf } from "#lib/targets/gke/gaps.ts";
import { nodeZonesOf } from "#lib/targets/gke/node-zones.ts";
import { firstFormNeeds, type Quota } from "#lib/targets/gke/quota.ts";
import { regionOf } from "#lib/targets/gke/region-of.ts";

/** Google answers all of it within a few seconds; nobody waits longer than this. */
const checkMs = 60_000;

/** A project as an admin registers it. */
export type GoogleTarget = {
  credentials: WorkerCredentials;
  project: string;
  /** a region, or a zone */
  location: string;
  /** whom nodes of own clusters act as; null: none is set yet */
  nodeServiceAccount: string | null;
};

type Options = { endpoints: GoogleEndpoints; clock?: Clock; reach?: Reach; signal?: AbortSignal };

/**
 * Looks at a Google project: who asks, what is enabled, what may be done, what can be had and what is there. Changes
 * nothing.
 *
 * @returns what was found; a project that can't be asked is something found too
 */
export async function checkProject(target: GoogleTarget, options: Options): Promise<ProjectFindings> {
  const { endpoints, clock = systemClock } = options;
  const limit = AbortSignal.timeout(checkMs);
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
  const tokens = tokenSource(target.credentials, { endpoints, clock });
  const quotaProject = quotaProjectOf(target.credentials, target.project);
  const api = googleApi({ endpoints, tokens, quotaProject, timeoutMs: 15_000 });
  const { credentials } = target;
  // Of a key it is known whose it is, whether Google answers or not.
  let identity = credentials.kind === "service_account" ? credentials.clientEmail : null;
  try {
    await tokens.token(signal);
    identity = await tokens.identity(signal);
    return await look(api, target, { identity, reach: options.reach, signal });
  } catch (error) {
    options.signal?.throwIfAborted();
    return nothingFound(explainTrouble(error, target.project), identity);
  }
}

type Looking = { identity: string | null; reach?: Reach; signal: AbortSignal };

async function look(api: GoogleApi, target: GoogleTarget, looking: Looking): Promise<ProjectFindings> {
  const { project: id, location } = target;
  const { identity, reach, signal } = looking;
  const project = await askProject(api, id, identity, signal);
  if ("code" in project) return nothingFound(project, identity);
  const asked = { project: id, signal };
  const region = regionOf(location);
  const [apis, rights, ofProject, ofRegion, clusters] = await Promise.all([
    readApis(api, id, signal),
    reviewRights(api, id, signal),
    unlessRefused(readComputeProject(api, asked)),
    unlessRefused(readRegion(api, region, asked).then((found) => ({ found }))),
    unlessRefused(readClusters(api, { ...asked, region, reach })),
  ]);
  const zones = ofRegion?.found?.zones ?? null;
  if (ofRegion && !(zones && [region, ...zones].includes(location)))
    return nothingFound(unknownLocation(location), identity);
  const [machineTypes, accelerators, nodeAccount, defaultAccount] = await Promise.all([
    zones && unlessRefused(readMachineTypes(api, zones, asked)),
    zones && unlessRefused(readAccelerators(api, zones, asked)),
    accountOf(api, target.nodeServiceAccount, asked),
    accountOf(api, ofProject?.defaultAccount ?? null, asked),
  ]);
  const quotas =
    ofProject && ofRegion?.found
      ? quotasFound([...ofProject.quotas, ...ofRegion.found.quotas], region, nodeZonesOf(location, zones))
      : null;
  const { isActive: _isActive, ...shown } = project;
  const found = {
    identity,
    project: shown,
    region,
    apis,
    rights,
    quotas,
    zones,
    machineTypes,
    accelerators,
    clusters,
    nodeAccount,
    defaultAccount,
  };
  return { trouble: null, gaps: gapsOf(found), ...found };
}

/** The project, or why it can't be looked at. */
async function askProject(api: GoogleApi, id: string, identity: string | null, signal: AbortSignal) {
  try {
    const project = await readProject(api, id, signal);
    return project.isActive ? project : inactive(id);
  } catch (error) {
    const isHidden = error instanceof GoogleError && isAboutRights(error) && !disabledApi(error);
    if (isHidden) return unknownProject(id, identity);
    throw error;
  }
}

async function accountOf(
  api: GoogleApi,
  email: string | null,
  asked: { project: string; signal: AbortSignal },
) {
  return email === null ? null : readAccount(api, { ...asked, email });
}

/** The quotas that a deployment takes something of. */
function quotasFound(quotas: Quota[], region: string, zones: string[]): ProjectFindings["quotas"] {
  const needs = firstFormNeeds(region, zones, quotas);
  const askedOf = ({ metric, region: where }: Quota) =>
    needs.find((need) => need.metric === metric && need.region === where)?.amount ?? 0;
  const isOfUse = (quota: Quota) => askedOf(quota) > 0 || /CPUS|GPUS|SSD_TOTAL_GB/.test(quota.metric);
  return quotas
    .filter((quota) => isOfUse(quota) && !quota.metric.startsWith("COMMITTED_"))
    .map((quota) => ({ ...quota, asked: askedOf(quota) }));
}

function unknownProject(id: string, identity: string | null): Trouble {
  return {
    code: "project_unknown",
    message: `There is no project ${id}, or ${identity ?? "the account"} may not see it.`,
    todo: `See whether it is the project's id and not its title, and give the account the role Browser (roles/browser) there. The id can't be changed here: if it is another one, remove this project and add it again.`,
    link: "https://console.cloud.google.com/cloud-resource-manager",
  };
}

function inactive(id: string): Trouble {
  return {
    code: "project_inactive",
    message: `The project ${id} is about to be deleted.`,
    todo: `Register another one, or take that back: gcloud projects undelete ${id}.`,
    link: "https://console.cloud.google.com/cloud-resource-manager",
  };
}

function unknownLocation(location: string): Trouble {
  return {
    code: "location_unknown",
    message: `Google has no region or zone ${location}.`,
    todo: "Choose one such as us-central1 (a region) or us-central1-a (a zone): gcloud compute zones list. It can't be changed here: remove this project and add it again.",
    link: null,
  };
}
