import { readdir } from "node:fs/promises";
import path from "node:path";
import { ports } from "#e2e/cluster/addresses.ts";
import { askApi, requestApi, type ApiServer } from "#e2e/cluster/api.ts";
import type { Parts } from "#e2e/cluster/control-plane.ts";
import { hasCondition } from "#e2e/cluster/has-condition.ts";
import { startProgram } from "#e2e/cluster/program.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";

/** Label and annotation of nodes that are there in name only. */
export const simulated = "kwok.x-k8s.io/node";

export type SimulatedNodes = {
  count: number;
  /** what each node has; 4 processors, 8Gi and 110 pods by default */
  capacity?: Record<string, string>;
  labels?: Record<string, string>;
};

/** Starts kwok: pods that are scheduled to a simulated node are said to be running. */
export async function startSimulation({ folder, bin, programs }: Parts): Promise<void> {
  const stages = path.join(bin, "../stages");
  const files = (await readdir(stages)).sort().map((name) => `--config=${path.join(stages, name)}`);
  programs.push(
    await startProgram(folder, "kwok", path.join(bin, "kwok"), [
      `--kubeconfig=${path.join(folder, "kubeconfig")}`,
      "--manage-all-nodes=false",
      `--manage-nodes-with-annotation-selector=${simulated}=fake`,
      "--cidr=10.87.0.0/16",
      "--node-ip=10.87.0.1",
      `--server-address=127.0.0.1:${ports.simulation}`,
      "--node-lease-duration-seconds=40",
      ...files,
    ]),
  );
}

/** Adds nodes and waits until they are ready. @returns their names */
export async function addSimulatedNodes(
  api: ApiServer,
  { count, capacity, labels }: SimulatedNodes,
): Promise<string[]> {
  const has = { cpu: "4", memory: "8Gi", pods: "110", ...capacity };
  const { items } = await requestApi(api, `/api/v1/nodes?labelSelector=${simulated}`);
  const names = Array.from(
    { length: count },
    (_, index) => `simulated-${(items as unknown[]).length + index + 1}`,
  );
  for (const [index, name] of names.entries()) {
    const zone = { "topology.kubernetes.io/zone": `zone-${(index % 3) + 1}` };
    const metadata = {
      name,
      annotations: { [simulated]: "fake" },
      labels: {
        [simulated]: "fake",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        ...zone,
        ...labels,
      },
    };
    const status = { capacity: has, allocatable: has };
    await requestApi(api, "/api/v1/nodes", {
      method: "POST",
      body: { apiVersion: "v1", kind: "Node", metadata, status },
    });
  }
  for (const name of names) {
    await waitUntil(`${name} to be ready`, async () =>
      hasCondition(await requestApi(api, `/api/v1/nodes/${name}`), "Ready"),
    );
  }
  return names;
}

/** Removes all simulated nodes; their pods go with them. */
export async function removeSimulatedNodes(api: ApiServer): Promise<void> {
  const { items } = await requestApi(api, `/api/v1/nodes?labelSelector=${simulated}`);
  for (const { metadata } of items as { metadata: { name: string } }[]) {
    await askApi(api, `/api/v1/nodes/${metadata.name}`, { method: "DELETE" });
    const pods = await requestApi(api, `/api/v1/pods?fieldSelector=spec.nodeName=${metadata.name}`);
    for (const pod of pods.items as { metadata: { name: string; namespace: string } }[]) {
      const { namespace, name } = pod.metadata;
      const now = "gracePeriodSeconds=0";
      await askApi(api, `/api/v1/namespaces/${namespace}/pods/${name}?${now}`, { method: "DELETE" });
    }
  }
}
