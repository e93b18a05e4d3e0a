import type { GoogleApi, GoogleRequest } from "#infra/google/api-client.ts";
import { mainName } from "#lib/targets/gke/names.ts";
import { deploymentOf } from "#lib/targets/gke/mark.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/** Kinds that are one in a project, by the API's own plural. */
const everywhere: Partial<Record<string, string>> = {
  [gkeTypes.network]: "networks",
  [gkeTypes.firewall]: "firewalls",
  [gkeTypes.healthCheck]: "healthChecks",
  [gkeTypes.backendService]: "backendServices",
  [gkeTypes.backendBucket]: "backendBuckets",
  [gkeTypes.urlMap]: "urlMaps",
  [gkeTypes.httpProxy]: "targetHttpProxies",
  [gkeTypes.httpsProxy]: "targetHttpsProxies",
  [gkeTypes.managedCertificate]: "sslCertificates",
  [gkeTypes.certificate]: "sslCertificates",
  [gkeTypes.globalAddress]: "addresses",
  [gkeTypes.forwardingRule]: "forwardingRules",
};

const inRegion: Partial<Record<string, string>> = {
  [gkeTypes.subnetwork]: "subnetworks",
  [gkeTypes.address]: "addresses",
};

type Where = { deploymentId: string; settings: Pick<GkeSettings, "project" | "region" | "location"> };

/**
 * Where Google has a resource of a plan, by its name; null for what has no name of its own: what is in a cluster, and
 * the right to read a bucket.
 */
export function placeOf(
  { type, inputs }: Pick<PlannedResource, "type" | "inputs">,
  { deploymentId, settings: { project, region, location } }: Where,
): Pick<GoogleRequest, "service" | "path"> | null {
  const name = String(inputs.name);
  const cluster = `projects/${project}/locations/${location}/clusters/${mainName(deploymentId)}`;
  if (type === gkeTypes.cluster) return { service: "container", path: cluster };
  if (type === gkeTypes.nodePool) return { service: "container", path: `${cluster}/nodePools/${name}` };
  if (type === gkeTypes.bucket) return { service: "storage", path: `b/${name}` };
  if (inRegion[type])
    return { service: "compute", path: `projects/${project}/regions/${region}/${inRegion[type]}/${name}` };
  if (everywhere[type])
    return { service: "compute", path: `projects/${project}/global/${everywhere[type]}/${name}` };
  return null;
}

type Thing = {
  labels?: Record<string, string> | null;
  resourceLabels?: Record<string, string> | null;
  config?: { resourceLabels?: Record<string, string> | null } | null;
  description?: string | null;
};

/** Whether something that an API shows carries the mark of a deployment. */
export function isMarked(thing: unknown, deploymentId: string): boolean {
  const { labels, resourceLabels, config, description } = thing as Thing;
  const own = labels ?? resourceLabels ?? config?.resourceLabels;
  return deploymentOf({ labels: own, description }) === deploymentId;
}

/** What Google has under a resource's name, as its API shows it; null: nothing, or it has no name of its own. */
export async function findResource(
  api: Pick<GoogleApi, "find">,
  resource: Pick<PlannedResource, "type" | "inputs">,
  where: Where,
  signal?: AbortSignal,
): Promise<unknown> {
  const place = placeOf(resource, where);
  return place && api.find({ ...place, signal });
}
