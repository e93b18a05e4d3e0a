import * as pulumi from "@pulumi/pulumi";
import type { GoogleApi } from "#infra/google/api-client.ts";
import { group, serviceOf, type Group, type ServiceRef } from "#infra/resources/google/group.ts";
import { hookFailure } from "#infra/resources/google/hook-failure.ts";

/** GKE's controller takes seconds once pods are there; after minutes it has a reason not to. */
const groupsWithinMs = 5 * 60_000;
const pauseMs = 2_000;

/** A BackendService's inputs, as far as they are read here. */
type Inputs = { backends?: { group?: string }[] };

export type Awaited = {
  api: Pick<GoogleApi, "find" | "pause">;
  /** whose addresses a backend service of this logical name is to have */
  serviceBehind(logicalName: string): ServiceRef;
  signal: AbortSignal;
  withinMs?: number;
};

/**
 * Goes before a backend service is made: Google refuses one whose group isn't there, and the groups are made by GKE's
 * controller some time after their Service. Waits until there is one in each zone, and one of them has a pod in it.
 */
export function awaitGroupsHook(name: string, awaited: Awaited): pulumi.ResourceHook {
  return new pulumi.ResourceHook(name, async ({ name: logicalName, newInputs }) => {
    const { backends = [] } = (newInputs ?? {}) as Inputs;
    const links = backends.flatMap((backend) => backend.group ?? []);
    await awaitGroups(links, awaited.serviceBehind(logicalName), awaited);
  });
}

/**
 * @param links addresses of the groups, `https://…/compute/v1/projects/…`
 * @throws Error that carries `load_balancer_failed`
 */
export async function awaitGroups(
  links: string[],
  of: ServiceRef,
  { api, signal, withinMs = groupsWithinMs }: Omit<Awaited, "serviceBehind">,
): Promise<void> {
  for (let waited = 0; ; waited += pauseMs) {
    const found = await Promise.all(links.map((link) => findGroup(api, link, signal)));
    for (const one of found) if (one) refuseForeign(one, of);
    const missing = links.filter((_, index) => found[index] === null);
    const pods = found.reduce((sum, one) => sum + (one?.size ?? 0), 0);
    if (missing.length === 0 && pods > 0) return;
    if (waited >= withinMs) throw tooLate(missing, of, withinMs);
    await api.pause(pauseMs, signal);
  }
}

async function findGroup(api: Awaited["api"], link: string, signal: AbortSignal): Promise<Group | null> {
  const path = link.slice(link.indexOf("projects/"));
  const found = await api.find({ service: "compute", path, signal });
  return found === null ? null : group.parse(found);
}

function refuseForeign(found: Group, of: ServiceRef): void {
  const whose = serviceOf(found);
  if (whose?.namespace === of.namespace && whose.service === of.service) return;
  const other = whose ? `the Service ${whose.service} in ${whose.namespace}` : "something else than GKE";
  throw hookFailure(
    "load_balancer_failed",
    `The group of addresses ${found.name} was made by ${other}, so GKE can't make this deployment's. Delete or rename that group, then retry.`,
  );
}

function tooLate(missing: string[], { namespace, service }: ServiceRef, withinMs: number): Error {
  const minutes = Math.round(withinMs / 60_000);
  const zones = missing.map((link) => /\/zones\/([^/]+)\//.exec(link)?.[1] ?? link).join(", ");
  const what =
    missing.length > 0
      ? `GKE hasn't made the group of addresses (NEG) of the Service ${service} in ${zones} within ${minutes} minutes`
      : `No pod came into the groups of addresses (NEG) of the Service ${service} within ${minutes} minutes`;
  return hookFailure(
    "load_balancer_failed",
    `${what}. See what its controller says: kubectl describe service ${service} -n ${namespace}. Then retry.`,
  );
}
