import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { clientOf, keyFor } from "#e2e/cloud/api-for-test.ts";
import { googleForTest, project } from "#e2e/cloud/google/google-for-test.ts";
import type { Google } from "#e2e/cloud/google/serve.ts";
import { engineEnvironment } from "#infra/engine/child-environment.ts";
import type { EngineStack } from "#infra/engine/driver.ts";
import { testEngine } from "#infra/engine/engine-for-test.ts";
import { pulumiStack } from "#infra/engine/pulumi-driver.ts";
import { pulumiLook } from "#infra/engine/pulumi-look.ts";
import { newStackSecrets } from "#infra/engine/stack-secrets.ts";
import { googleEndpoints } from "#infra/google/endpoints.ts";
import { adopt } from "#infra/targets/gke/adopt.ts";
import { driftOf } from "#infra/targets/gke/drift.ts";
import { googleEnvironment } from "#infra/targets/gke/engine-environment.ts";
import { inputForTest } from "#infra/targets/gke/input-for-test.ts";
import { gkeProgram } from "#infra/targets/gke/program.ts";
import { deploymentForTest, gkeForms } from "#lib/targets/gke/forms-for-test.ts";
import { mainName } from "#lib/targets/gke/names.ts";
import { planOf } from "#lib/targets/gke/plan-for-test.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

// The program with the real engine, as far as it goes with nothing in the cluster.

const form = "keys, so HAProxy routes";
const parts: string[] = [
  gkeTypes.globalAddress,
  gkeTypes.network,
  gkeTypes.subnetwork,
  gkeTypes.cluster,
  gkeTypes.healthCheck,
];
const plan = planOf(form).filter(({ type }) => parts.includes(type));
const name = mainName(deploymentForTest);
const place = path.resolve(import.meta.dirname, "..");
const { signal } = new AbortController();

let google: Google;
let folder: string;
let options: Parameters<typeof pulumiLook>[0];
let stack: EngineStack;
let imports: Map<string, string>;
let told: string[];

beforeEach(async () => {
  ({ google } = await googleForTest());
  folder = mkdtempSync(path.join(tmpdir(), "sluice-gke-program-"));
  mkdirSync(path.join(folder, "state"));
  imports = new Map();
  told = [];
  const engine = await testEngine();
  const secrets = await newStackSecrets();
  const endpoints = googleEndpoints(google.url);
  const env = engineEnvironment(process.env, {
    cliPath: engine.path,
    pluginFolders: [path.join(place, "cloud/stand-in"), path.join(place, "cluster/stand-in")],
    folder: path.join(folder, "work"),
    stateUrl: `file://${path.join(folder, "state")}`,
    passphrase: secrets.passphrase,
    operationId: "op-gke-program",
    deploymentId: deploymentForTest,
    fence: 1,
    runtimeSocket: null,
  });
  const api = clientOf(google, keyFor(google));
  options = {
    cliPath: engine.path,
    cliVersion: engine.version,
    name: deploymentForTest,
    folder: path.join(folder, "work"),
    secrets,
    env: { ...env, ...googleEnvironment(keyFor(google), endpoints) },
    program: gkeProgram(
      inputForTest(form, { api, endpoints, imports, signal, onAddress: (ip) => void told.push(ip) }),
    ),
    isNew: true,
    patienceMs: 20_000,
  };
  stack = await pulumiStack({ ...options, runsAtDestroy: true });
}, 120_000);
afterEach(async () => {
  await google.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = { signal, onEvent: () => {}, onRegistered: () => {} };
const thereOf = () => google.store.all().filter(({ key }) => key.endsWith(`/${name}`)).length;
const without = (type: string): PlannedResource[] =>
  plan.filter((one) => one.type !== type && !one.dependsOn.some((key) => key.startsWith(type)));

test(
  "made, told its address, and gone with what a controller left in its network",
  { timeout: 300_000 },
  async () => {
    const outputs = await stack.up(plan, run);
    expect(outputs.address).toMatch(/^203\.0\.113\./);
    expect(told).toEqual([outputs.address]);
    const state = JSON.stringify(await stack.exportState());
    expect(state).not.toContain("PRIVATE KEY");
    const network = `projects/${project}/global/networks/${name}`;
    const api = clientOf(google, keyFor(google));
    const body = {
      name: "k8s-fw-a01",
      network,
      allowed: [{ IPProtocol: "tcp" }],
      sourceRanges: ["10.0.0.0/8"],
    };
    await api.request({
      service: "compute",
      method: "POST",
      path: `projects/${project}/global/firewalls`,
      body,
    });
    await stack.destroy(run);
    expect(google.store.all().filter(({ key }) => /\/(networks|firewalls|addresses)\//.test(key))).toEqual(
      [],
    );
  },
);

test(
  "what an update would lose is kept, whatever the plan says; a tear-down takes it",
  { timeout: 300_000 },
  async () => {
    await stack.up(plan, run);
    const before = thereOf();
    await expect(stack.up(without(gkeTypes.globalAddress), run)).rejects.toMatchObject({
      code: "irreplaceable",
    });
    expect(thereOf()).toBe(before);
    await stack.destroy(run);
    expect(thereOf()).toBe(0);
  },
);

test("what the engine forgot is taken over, not made twice", { timeout: 300_000 }, async () => {
  await stack.up(plan, run);
  const ids = google.store.all().map(({ body }) => body.id);
  const state = (await stack.exportState())!;
  const kept = state.deployment!.resources!.filter(({ type }) => !type.startsWith("gcp:"));
  await stack.importState({ ...state, deployment: { ...state.deployment, resources: kept } });
  const given = { deploymentId: deploymentForTest, settings: gkeForms[form]!.settings, plan, before: [] };
  const found = await adopt(clientOf(google, keyFor(google)), given, signal);
  for (const [key, id] of found.imports) imports.set(key, id);
  expect([...imports.keys()].sort()).toEqual(plan.map(resourceKey).sort());
  await stack.up(plan, run);
  expect(google.store.all().map(({ body }) => body.id)).toEqual(ids);
  imports.clear();
  await stack.destroy(run);
  expect(thereOf()).toBe(0);
});

test(
  "what was deleted or changed by hand is found by a look, which changes nothing itself",
  { timeout: 300_000 },
  async () => {
    await stack.up(plan, run);
    const look = async () =>
      driftOf(await (await pulumiLook({ ...options, isNew: false })).preview(plan, signal, true));
    expect(await look()).toEqual([]);
    const checks = google.store.all().filter(({ key }) => key.includes("/healthChecks/"));
    for (const { key } of checks) google.store.remove(key);
    const writes = () => google.requests().filter(({ method }) => method !== "GET").length;
    const before = writes();
    expect(await look()).toEqual([
      { type: gkeTypes.healthCheck, name: "proxy", gone: true, what: "It was deleted." },
    ]);
    expect(writes()).toBe(before);
    await stack.up(plan, { ...run, looksFirst: true });
    expect(await look()).toEqual([]);
  },
);
