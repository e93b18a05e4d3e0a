import type { Control, TestProject } from "#e2e/cloud/portal/control.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";

/** The zone that checks work in. */
export const location = "us-central1-a";
const region = "us-central1";

/** A cluster as a person makes it beside the portal, that a deployment can be put into. */
const cluster = {
  name: "shared",
  initialNodeCount: 1,
  ipAllocationPolicy: {
    useIpAliases: true,
    clusterSecondaryRangeName: "pods",
    servicesSecondaryRangeName: "services",
  },
};

const subnetwork = {
  name: "shared",
  ipCidrRange: "10.10.0.0/20",
  secondaryIpRanges: [
    { rangeName: "pods", ipCidrRange: "10.20.0.0/16" },
    { rangeName: "services", ipCidrRange: "10.30.0.0/20" },
  ],
};

/** Makes a cluster with its network in a project of the model's, and waits for its firewalls. @returns its name */
export async function makeCluster(cloud: Control, { id, owner }: TestProject): Promise<string> {
  const network = `projects/${id}/global/networks/shared`;
  const inRegion = `projects/${id}/regions/${region}/subnetworks`;
  const links = { network, subnetwork: `${inRegion}/shared` };
  for (const [path, body] of [
    [`compute/beta/projects/${id}/global/networks`, { name: "shared", autoCreateSubnetworks: false }],
    [`compute/beta/${inRegion}`, { ...subnetwork, network }],
    [
      `container/v1beta1/projects/${id}/locations/${location}/clusters`,
      { cluster: { ...cluster, ...links } },
    ],
  ] as const) {
    const { status, body: said } = await cloud.ask(owner, "POST", `/${path}`, body);
    if (status !== 200) throw new Error(`${path}: ${JSON.stringify(said)}`);
  }
  await waitUntil("GKE's firewalls of the cluster", async () =>
    (await cloud.kept(id)).some((key) => /\/firewalls\/gke-shared-.*-vms$/.test(key)),
  );
  return cluster.name;
}

/** Gives the cluster a pool with a node in a zone of its own. */
export async function addPool(cloud: Control, { id, owner }: TestProject, zone: string): Promise<void> {
  const nodePool = { name: `in-${zone}`, initialNodeCount: 1, locations: [zone] };
  const { status, body } = await cloud.ask(owner, "POST", poolsOf(id), { nodePool });
  if (status !== 200) throw new Error(`${zone}: ${JSON.stringify(body)}`);
}

/** Takes away the pool that the cluster came with: no node is in its own zone any more. */
export async function removeFirstPool(cloud: Control, { id, owner }: TestProject): Promise<void> {
  const { status, body } = await cloud.ask(owner, "DELETE", `${poolsOf(id)}/default-pool`);
  if (status !== 200) throw new Error(`default-pool: ${JSON.stringify(body)}`);
}

const poolsOf = (id: string) =>
  `/container/v1beta1/projects/${id}/locations/${location}/clusters/${cluster.name}/nodePools`;
