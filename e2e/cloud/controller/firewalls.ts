import { hashOf, write, type World } from "#e2e/cloud/controller/world.ts";

/** Makes the firewalls that GKE makes for each cluster. They stay behind when the cluster is deleted, as it happens. */
export async function keepFirewalls(world: World): Promise<void> {
  for (const { key, project, name, network } of world.clusters()) {
    const base = `gke-${name}-${hashOf(key)}`;
    for (const [firewall, sourceRanges] of [
      [`${base}-all`, ["10.0.0.0/8"]],
      [`${base}-vms`, ["10.128.0.0/9"]],
    ] as const) {
      if (world.google.store.get(`compute/projects/${project}/global/firewalls/${firewall}`)) continue;
      const allowed = [{ IPProtocol: "tcp" }, { IPProtocol: "udp" }];
      await write(world, project, "POST", "global/firewalls", {
        name: firewall,
        network,
        allowed,
        sourceRanges,
      });
    }
  }
}
