import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import type { GoogleApi } from "#infra/google/api-client.ts";
import { listEverywhere } from "#infra/google/list-all.ts";
import { removeAll } from "#infra/resources/google/remove-all.ts";
import { group, serviceOf, type Group } from "#infra/resources/google/group.ts";

/** The controller collects groups that nobody uses every two minutes (ingress-gce, neg-gc-period). */
const goneWithinMs = 4 * 60_000;
const pauseMs = 2_000;

export type GroupRemoval = {
  api: GoogleApi;
  project: string;
  /** what the names of a deployment's groups begin with */
  prefix: string;
  namespace: string;
  /** whether GKE's controller is there to remove them itself: not if its cluster is gone */
  hasController(): Promise<boolean>;
  signal: AbortSignal;
  withinMs?: number;
};

/**
 * Goes before the namespace is deleted, when its Services are gone: waits until GKE's controller has removed their
 * groups, and removes them itself where it doesn't. While one is there its network can't be deleted; once the cluster
 * is gone nobody else would remove it.
 */
export function removeGroupsHook(name: string, removal: GroupRemoval): pulumi.ResourceHook {
  return new pulumi.ResourceHook(name, () => removeGroups(removal));
}

export async function removeGroups(removal: GroupRemoval): Promise<void> {
  const { api, project, signal, withinMs = goneWithinMs } = removal;
  let left = await ownGroups(removal);
  if (left.length === 0) return;
  const patienceMs = (await removal.hasController()) ? withinMs : 0;
  for (let waited = 0; left.length > 0 && waited < patienceMs; waited += pauseMs) {
    await api.pause(pauseMs, signal);
    left = await ownGroups(removal);
  }
  const paths = left.map(({ name, zone, selfLink }) => {
    const place = (zone ?? /\/zones\/([^/]+)\//.exec(selfLink ?? "")?.[1] ?? "").split("/").at(-1);
    return `projects/${project}/zones/${place}/networkEndpointGroups/${name}`;
  });
  await removeAll(api, { project, paths, signal });
}

/** By their names and by what is written on them: only a Service of this deployment's namespace has ours. */
async function ownGroups({ api, project, prefix, namespace, signal }: GroupRemoval): Promise<Group[]> {
  const all = await listEverywhere(api, { project, kind: "networkEndpointGroups", signal });
  return z
    .array(group)
    .parse(all)
    .filter((one) => one.name.startsWith(prefix) && serviceOf(one)?.namespace === namespace);
}
