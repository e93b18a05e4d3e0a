import { expect, test } from "vitest";
import { objectsLeft } from "#lib/deployments/objects-left.ts";
import type { Tx } from "#lib/db.ts";
import { parseSealingKey, seal } from "#lib/secrets/seal.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";

const key = parseSealingKey(Buffer.alloc(32, 1).toString("base64"));
const id = "dep-0123456789ab";

const urn = (type: string, name: string) => `urn:pulumi:${id}::sluice::${type}::${name}`;
const resource = (type: string, name: string, googleName: string) => ({
  type,
  urn: urn(type, name),
  inputs: { name: googleName },
});

/** A database that has the engine's memory alone. */
function remembering(resources: object[]): Tx {
  const sealed = seal(key, id, JSON.stringify({ version: 3, deployment: { resources } }));
  return { stackExport: { findFirst: () => Promise.resolve({ sealed }) } } as unknown as Tx;
}

const at = "2026-11-23T00:00:00.000Z";
const namespace = { type: kubernetesTypes.namespace, name: `sluice-${id}`, at };

test("what is at Google is named as it is called there, and a cluster of its own takes along what is in it", async () => {
  const tx = remembering([
    resource(gkeTypes.globalAddress, "address", `sluice-${id}`),
    resource(gkeTypes.cluster, "cluster", `sluice-${id}`),
    resource(gkeTypes.firewall, "firewall", `sluice-${id}`),
  ]);
  const created = [{ type: gkeTypes.nodePool, name: "pool", at }, namespace];
  const deleted = [{ type: gkeTypes.firewall, name: "firewall", at }];
  expect(await objectsLeft(tx, key, { id, project: "demo-proj" }, { created, deleted })).toEqual([
    `Global address sluice-${id} in the project demo-proj`,
    `GKE cluster sluice-${id} in the project demo-proj`,
    "Node pool pool in the project demo-proj",
    `What GKE made for it in the project demo-proj, as far as it is still there: groups of pods' addresses (NEGs) named sluice-${id}-…; machines, their groups, and firewall rules named gke-sluice-dep-012345678…`,
  ]);
});

test("what is in a cluster that stays is named beside", async () => {
  const tx = remembering([resource(gkeTypes.globalAddress, "address", `sluice-${id}`)]);
  const left = await objectsLeft(
    tx,
    key,
    { id, project: "demo-proj" },
    { created: [namespace], deleted: [] },
  );
  expect(left.at(-1)).toBe(`Namespace sluice-${id}`);
});

test("where all that the engine made is gone, what GKE made for it may still be there", async () => {
  const address = { type: gkeTypes.address, name: "address", at };
  const lines = { created: [address], deleted: [address] };
  expect(await objectsLeft(remembering([]), key, { id, project: "demo-proj" }, lines)).toEqual([
    `What GKE made for it in the project demo-proj, as far as it is still there: parts of a load balancer and its firewall rules named k8s2-…-sluice-${id}-…`,
  ]);
});

test("of one of which nothing was made nothing stays", async () => {
  const lines = { created: [], deleted: [] };
  expect(await objectsLeft(remembering([]), key, { id, project: "demo-proj" }, lines)).toEqual([]);
});
