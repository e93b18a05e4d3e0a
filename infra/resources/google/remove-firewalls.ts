import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import type { GoogleApi } from "#infra/google/api-client.ts";
import { listAll } from "#infra/google/list-all.ts";
import { removeAll } from "#infra/resources/google/remove-all.ts";

/** What GKE and its controllers name their firewalls with; a person's in the same network are left alone. */
const controllers = /^(gke|k8s2?)-/;

const firewall = z.looseObject({ name: z.string(), network: z.string() });

export type FirewallRemoval = {
  api: GoogleApi;
  project: string;
  /** of a network of a deployment's own */
  network: string;
  signal: AbortSignal;
};

/** Goes before a network is deleted, when its cluster is gone: removes the firewalls that GKE's controllers left. */
export function removeFirewallsHook(name: string, removal: FirewallRemoval): pulumi.ResourceHook {
  return new pulumi.ResourceHook(name, () => removeFirewalls(removal));
}

export async function removeFirewalls({ api, project, network, signal }: FirewallRemoval): Promise<void> {
  const path = `projects/${project}/global/firewalls`;
  const all = z.array(firewall).parse(await listAll(api, { service: "compute", path, signal }));
  const left = all.filter(
    (one) => one.network.endsWith(`/networks/${network}`) && controllers.test(one.name),
  );
  await removeAll(api, { project, paths: left.map(({ name }) => `${path}/${name}`), signal });
}
