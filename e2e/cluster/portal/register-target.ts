import { randomUUID } from "node:crypto";
import { waitUntil } from "#e2e/cluster/wait-until.ts";
import type { PortalApi } from "#e2e/portal/api.ts";
import type { TargetView } from "#lib/targets/target-view.ts";

/**
 * Registers a cluster, and waits until its check has found all that a deployment needs. One cluster can be registered
 * as often as one likes: what a check does to the way there, or to the account, disturbs no other check then.
 *
 * @returns its name
 */
export async function registerTarget(
  api: PortalApi,
  kubeconfig: string,
  imagePrefix: string,
): Promise<string> {
  const name = `cluster-${randomUUID().slice(0, 6)}`;
  const answer = await api.send("POST", "/targets", { name, kubeconfig, imagePrefix });
  if (answer.status !== 201) throw new Error(`Not registered: ${JSON.stringify(answer.body)}`);
  await waitUntil(`${name} to be ready`, async () => {
    const { body } = await api.send<TargetView>("GET", `/targets/${name}`);
    if (body.cluster?.state === "ready" && !body.cluster.checking) return true;
    throw new Error(JSON.stringify(body, null, 1));
  });
  return name;
}
