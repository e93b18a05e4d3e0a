import { mkdtemp, mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCloud, type Cloud } from "#e2e/cloud/controller/open-cloud.ts";
import { asker, owner, project } from "#e2e/cloud/google/google-for-test.ts";
import { clusterBody, clusters, makeNetwork, must } from "#e2e/cloud/google/graph-for-test.ts";
import { obtainDiscovery } from "#e2e/cloud/google/obtain-discovery.ts";
import { askApi } from "#e2e/cluster/api.ts";
import { buildEchoImage } from "#e2e/cluster/images.ts";
import { obtainCluster } from "#e2e/cluster/obtain-cluster.ts";
import { startCluster, type Cluster } from "#e2e/cluster/start-cluster.ts";
import { watch } from "#e2e/stand-in/watch.ts";
import { engineEnvironment } from "#infra/engine/child-environment.ts";
import type { EngineStack } from "#infra/engine/driver.ts";
import { testEngine } from "#infra/engine/engine-for-test.ts";
import { pulumiStack } from "#infra/engine/pulumi-driver.ts";
import { newStackSecrets } from "#infra/engine/stack-secrets.ts";
import { googleApi } from "#infra/google/api-client.ts";
import { googleEndpoints } from "#infra/google/endpoints.ts";
import { findLeftovers } from "#infra/google/inventory.ts";
import { tokenSource } from "#infra/google/mint-token.ts";
import { googleEnvironment } from "#infra/targets/gke/engine-environment.ts";
import { gkeTarget } from "#infra/targets/gke/target.ts";
import { readEnv } from "#lib/env.ts";
import { newId } from "#lib/ids.ts";
import { parseServiceAccountKey } from "#lib/targets/gke/credentials.ts";
import { tokenUriOf } from "#lib/targets/gke/endpoint-override.ts";
import { gkeForms } from "#lib/targets/gke/forms-for-test.ts";
import { planGke } from "#lib/targets/gke/plan.ts";
import { variantSettingsForTest } from "#lib/targets/kubernetes/settings-for-test.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

// The program on the model of Google's APIs, with a real cluster behind it: what controllers do beside the engine is
// there, pods answer, and traffic comes by Google's load balancer.

const env = readEnv();
const { signal } = new AbortController();
const quiet = { signal, onProgress: () => undefined };
const image = "sluice.test/echo:1";
const nodes = `nodes@${project}.iam.gserviceaccount.com`;
const stand = path.resolve(import.meta.dirname, "../..");
const patience = { timeout: 240_000 };

let cluster: Cluster;
let cloud: Cloud;
let key: string;
let folder: string;

beforeAll(async () => {
  const programs = await obtainCluster({ cache: env.SLUICE_CACHE, searchPath: env.PATH, ...quiet });
  const documents = await obtainDiscovery({ cache: env.SLUICE_CACHE, ...quiet });
  const outer = process.env.SLUICE_CLUSTER_FOLDER!;
  cluster = await startCluster(outer, { kubernetes: programs.kubernetes, metrics: false });
  await mkdir(path.join(outer, "images"), { recursive: true });
  const bin = path.join(programs.kubernetes, "bin");
  await cluster.importImage(await buildEchoImage(image, bin, path.join(outer, "images")));
  cloud = await openCloud({ documents: documents.path, admin: cluster.admin });
  cloud.google.addProject({ id: project, number: "1", owner });
  cloud.google.addServiceAccount(project, nodes);
  key = JSON.stringify(cloud.google.tokens.addServiceAccountKey(owner, project));
  folder = await mkdtemp(path.join(tmpdir(), "sluice-gke-"));
}, 180_000);

afterAll(async () => {
  await cloud?.close();
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A stack of one of the forms, on pods that are there, with the worker's own way to Google. */
async function stackOf(form: string, deploymentId: string) {
  const { spec, settings: formSettings } = gkeForms[form]!;
  const settings = {
    ...formSettings,
    nodeServiceAccount: nodes,
    variants: Object.fromEntries(
      spec.variants.map(({ name }) => [
        name,
        variantSettingsForTest({ image, requests: { cpu: "10m", memory: "32Mi" } }),
      ]),
    ),
  };
  const plan = planGke(deploymentId, spec, settings);
  const endpoints = googleEndpoints(cloud.google.url);
  const credentials = parseServiceAccountKey(key, { tokenUri: tokenUriOf(cloud.google.url) });
  const api = googleApi({
    endpoints,
    tokens: tokenSource(credentials, { endpoints, clock: cloud.google.clock }),
  });
  const told: string[] = [];
  const target = gkeTarget(
    { deploymentId, spec, plan, before: [] },
    {
      settings,
      secrets: { env: {} },
      api,
      endpoints,
      putFiles: null,
      onAddress: (ip) => void told.push(ip),
      signal,
      settleMs: 0,
    },
  );
  const engine = await testEngine();
  const secrets = await newStackSecrets();
  const at = path.join(folder, deploymentId);
  await mkdir(path.join(at, "state"), { recursive: true });
  const base = engineEnvironment(process.env, {
    cliPath: engine.path,
    pluginFolders: [path.join(stand, "cloud/stand-in"), path.join(stand, "cluster/stand-in")],
    folder: path.join(at, "work"),
    stateUrl: `file://${path.join(at, "state")}`,
    passphrase: secrets.passphrase,
    operationId: newId("op"),
    deploymentId,
    fence: 1,
    runtimeSocket: null,
  });
  const stack: EngineStack = await pulumiStack({
    cliPath: engine.path,
    cliVersion: engine.version,
    name: deploymentId,
    folder: path.join(at, "work"),
    secrets,
    env: { ...base, ...googleEnvironment(credentials, endpoints) },
    program: target.program,
    runsAtDestroy: true,
    isNew: true,
    patienceMs: 20_000,
  });
  return { stack, plan, target, api, told };
}

const changed = (changes: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(changes).filter(([, change]) => change !== "same"));

async function upAgain(stack: EngineStack, plan: PlannedResource[]) {
  const again = watch();
  await stack.up(plan, again.run);
  const looked = watch();
  await stack.up(plan, { ...looked.run, looksFirst: true });
  return { again: changed(again.changes()), looked: changed(looked.changes()) };
}

describe("with a real cluster behind the model", () => {
  test("Google routes to the pods, a second run changes nothing, and nothing stays", patience, async () => {
    const id = newId("dep");
    const { stack, plan, target, api, told } = await stackOf("open to all, so Google routes", id);
    const { address } = await stack.up(plan, watch().run).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${cloud.controller.lastTrouble()}`, { cause: error });
    });
    expect(told).toEqual([address]);
    const answer = await fetch(`http://${String(address)}/v1/echo`);
    expect([answer.status, answer.headers.get("via")]).toEqual([200, "1.1 google"]);
    expect(await upAgain(stack, plan)).toEqual({ again: {}, looked: {} });
    await stack.destroy(watch().run);
    await target.sweep(signal);
    expect(await findLeftovers(api, { project, deploymentId: id, signal })).toEqual([]);
    expect(cloud.google.store.all().filter(({ key }) => key.includes(id))).toEqual([]);
    await expect(fetch(`http://${String(address)}/`)).rejects.toThrow("fetch failed");
  });

  test("layer 4 leads to the pods by the reserved address, and nothing stays", patience, async () => {
    const id = newId("dep");
    const { stack, plan, target, told } = await stackOf("layer 4", id);
    const { address } = await stack.up(plan, watch().run).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${cloud.controller.lastTrouble()}`, { cause: error });
    });
    expect(told).toEqual([address]);
    expect((await fetch(`http://${String(address)}/v1/echo`)).status).toBe(200);
    expect(await upAgain(stack, plan)).toEqual({ again: {}, looked: {} });
    await stack.destroy(watch().run);
    await target.sweep(signal);
    expect(cloud.google.store.all().filter(({ key }) => key.includes(id))).toEqual([]);
  });

  test("a control plane takes living tokens of who may, and goes with its cluster", patience, async () => {
    const { google } = cloud;
    const ask = asker(google, google.tokens.issue(owner));
    await makeNetwork(ask);
    await must(ask, "POST", clusters, clusterBody());
    const { endpoint, masterAuth } = (await must(ask, "GET", `${clusters}/c`)) as {
      endpoint: string;
      masterAuth: { clusterCaCertificate: string };
    };
    const ca = Buffer.from(masterAuth.clusterCaCertificate, "base64").toString();
    const get = async (token: string) =>
      (await askApi({ url: `https://${endpoint}`, ca, token }, "/api/v1/namespaces")).status;
    const living = google.tokens.issue(owner);
    expect(await get(living)).toBe(200);
    expect([await get(""), await get("ya29.of-somebody-else")]).toEqual([401, 401]);
    google.tokens.setLife(owner, 0);
    expect(await get(google.tokens.issue(owner))).toBe(401);
    google.tokens.setLife(owner, 3600);
    google.permissions.deny(owner, "container.namespaces.*");
    expect(await get(living)).toBe(403);
    google.permissions.restore(owner);
    await must(ask, "DELETE", `${clusters}/c`);
    await expect(get(living)).rejects.toThrow("ECONNREFUSED");
  });
});
