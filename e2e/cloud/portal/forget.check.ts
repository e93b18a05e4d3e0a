import { describe, expect, test } from "vitest";
import { hasCloud, OnGoogle } from "#e2e/cloud/portal/on-google.ts";
import { expectFailed, operated } from "#e2e/cluster/portal/in-trouble.ts";
import { whatIsLeft } from "#e2e/cluster/portal/what-is-left.ts";
import type { FailureCode } from "#lib/deployments/status.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";

/** What the engine made at Google, in the words of a receipt, by the collection that it is kept in. */
const words: Record<string, string> = {
  "global/addresses": "Global address",
  "regions/us-central1/addresses": "Regional address",
  "global/networks": "Network",
  "regions/us-central1/subnetworks": "Subnet",
  "global/firewalls": "Firewall rule",
  "global/healthChecks": "Health check",
  "global/backendServices": "Backend service",
  "global/urlMaps": "URL map",
  "global/targetHttpProxies": "HTTP proxy",
  "global/forwardingRules": "Forwarding rule",
};

/** A thing that the model keeps, as the list is to name it; null: it is GKE's doing, and so named by a pattern. */
function inWords(key: string): string | null {
  const parts = key.split("/");
  const name = parts.at(-1)!;
  const project = parts[2]!;
  if (parts.includes("nodePools")) return `Node pool ${name} in the project ${project}`;
  if (parts.includes("clusters")) return `GKE cluster ${name} in the project ${project}`;
  const isOfGke = /^(gke|k8s2)-/.test(name) || parts.includes("networkEndpointGroups");
  const word = words[parts.slice(3, -1).join("/")];
  if (!isOfGke && word === undefined) throw new Error(`What is ${key}?`);
  return isOfGke ? null : `${word} ${name} in the project ${project}`;
}

/** Names with `…` for what nobody knows beforehand. */
function patternsIn(list: string[]): RegExp[] {
  const found = list.flatMap((what) => what.match(/[\w-]+…[\w…-]*/g) ?? []);
  return found.map((pattern) => new RegExp(`^${pattern.replaceAll("…", ".*")}$`));
}

/** Tears down in vain, then gives the deployment up. @returns the receipt's list of what stays */
async function givenUp(
  on: OnGoogle,
  deployment: { id: string },
  { denied, code, says }: { denied: string[]; code: FailureCode; says: RegExp },
): Promise<string[]> {
  await on.cloud.deny(on.project.owner, ...denied);
  expectFailed(await operated(on, "DELETE", deployment), code, says);
  const { status, body } = await on.api.send<DeploymentView>("POST", `/deployments/${deployment.id}/forget`);
  expect({ status, is: body.status }).toEqual({ status: 200, is: "destroyed" });
  return body.receipt!.remaining.map(({ what }) => what);
}

/** The list has everything of the deployment's that is still in the project, and nothing else. */
async function expectComplete(on: OnGoogle, list: string[], before: string[] = []): Promise<void> {
  const left = (await on.left()).filter((key) => !before.includes(key));
  const named = left.map(inWords);
  const inProject = list.filter((what) => / in the project \S+$/.test(what));
  expect(inProject.sort()).toEqual(named.filter((what) => what !== null).sort());
  const patterns = patternsIn(list);
  const unnamed = left.filter((key, index) => {
    const name = key.split("/").at(-1)!;
    return named[index] === null && !patterns.some((pattern) => pattern.test(name));
  });
  expect(unnamed).toEqual([]);
}

/** By hand, as a person does it by the list. */
async function clear(on: OnGoogle): Promise<void> {
  const { cloud, project } = on;
  await cloud.restore(project.owner);
  const cluster = (await on.left()).find((key) => /\/clusters\/[^/]+$/.test(key));
  if (cluster) await cloud.ask(project.owner, "DELETE", cluster.replace("container/", "/container/v1beta1/"));
  for (const key of await on.left()) await cloud.remove(key);
}

const layer4 = { routing: { layer: 4 }, endpoint: { access: "open" } };

describe.skipIf(!hasCloud).concurrent("a deployment that Google doesn't let go is given up", () => {
  test("all rights are gone: all of it is on the list, GKE's load balancer too", async () => {
    await using on = await OnGoogle.open();
    const deployment = await on.deploy(layer4);
    const before = await on.left();
    const denied = ["compute.*", "container.*"];
    const list = await givenUp(on, deployment, {
      denied,
      code: "target_refused",
      says: /container\.clusters\.get/,
    });
    expect(await on.left()).toEqual(before);
    await expectComplete(on, list);
    await clear(on);
  });

  test("one part can't be deleted: what went before isn't on the list, and all the rest is", async () => {
    await using on = await OnGoogle.open();
    const deployment = await on.deploy({ endpoint: { access: "open" } });
    const denied = ["compute.urlMaps.delete"];
    const says = /compute\.urlMaps\.delete/;
    const list = await givenUp(on, deployment, { denied, code: "target_refused", says });
    await expectComplete(on, list);
    expect(list.filter((what) => what.startsWith("Forwarding rule"))).toEqual([]);
    await clear(on);
  });

  test("in an existing cluster, what GKE left can't be deleted: it is on the list", async () => {
    await using on = await OnGoogle.open();
    const name = await on.makeCluster();
    const before = await on.left();
    const cluster = { mode: "existing", name, location: on.location };
    const deployment = await on.deploy({ ...layer4, google: { cluster } });
    const denied = ["compute.firewalls.delete"];
    const says = /Firewall k8s2-\S+ \(.*compute\.firewalls\.delete/;
    const list = await givenUp(on, deployment, { denied, code: "leftovers", says });
    await expectComplete(on, list, before);
    expect((await on.left()).filter((key) => !before.includes(key))).toEqual([
      expect.stringMatching(/\/firewalls\/k8s2-/),
    ]);
    expect(await whatIsLeft(on, deployment)).toEqual([]);
    expect(list.filter((what) => what.startsWith("Namespace"))).toEqual([]);
    await clear(on);
  });
});
