import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildHaproxyImage, buildModelImage } from "#e2e/cluster/images.ts";
import { obtainCluster } from "#e2e/cluster/obtain-cluster.ts";
import { startCluster, type Cluster } from "#e2e/cluster/start-cluster.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";
import { engineEnvironment } from "#infra/engine/child-environment.ts";
import type { EngineError, EngineEvent, EngineStack } from "#infra/engine/driver.ts";
import { testEngine } from "#infra/engine/engine-for-test.ts";
import { pulumiStack } from "#infra/engine/pulumi-driver.ts";
import { newStackSecrets, type StackSecrets } from "#infra/engine/stack-secrets.ts";
import { resourcesOf } from "#infra/runner/perform.ts";
import { kubernetesRemaining } from "#infra/targets/kubernetes/inventory.ts";
import { kubernetesProgram } from "#infra/targets/kubernetes/program.ts";
import { proxyFiles } from "#infra/targets/kubernetes/proxy-files.ts";
import { kubernetesTarget } from "#infra/targets/kubernetes/target.ts";
import { findHaproxy } from "#infra/tools/find-haproxy.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { EndpointView } from "#lib/deployments/view.ts";
import { readEnv } from "#lib/env.ts";
import { newId } from "#lib/ids.ts";
import { diffPlan } from "#lib/targets/diff-plan.ts";
import { forms } from "#lib/targets/kubernetes/forms-for-test.ts";
import { planKubernetes } from "#lib/targets/kubernetes/plan.ts";
import { settingsForTest, variantSettingsForTest } from "#lib/targets/kubernetes/settings-for-test.ts";
import { namespaceOf, objectNames, proxyPlaces } from "#lib/targets/kubernetes/settings.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

// The program of the `kubernetes` target on a real API server with real pods, by the stand-in of the plugin.

const env = readEnv();
const outer = process.env.SLUICE_CLUSTER_FOLDER!;
const deploymentId = newId("dep");
const namespace = namespaceOf(deploymentId);
const key = "the-key";
let cluster: Cluster;
let secrets: StackSecrets;
let isNew = true;

beforeAll(async () => {
  const signal = new AbortController().signal;
  const onProgress = () => undefined;
  const programs = await obtainCluster({ cache: env.SLUICE_CACHE, searchPath: env.PATH, signal, onProgress });
  cluster = await startCluster(outer, { ...programs, onProgress });
  const images = path.join(outer, "images");
  await mkdir(images, { recursive: true });
  const haproxy = await findHaproxy(env.SLUICE_CACHE, env.PATH);
  await cluster.importImage(await buildModelImage("sentiment", "sluice.test/sentiment:1", images));
  await cluster.importImage(await buildHaproxyImage("sluice.test/haproxy:1", haproxy!.path, images));
  secrets = await newStackSecrets();
});
afterAll(() => cluster?.stop());

type Change = { spec?: Partial<Spec>; gatewayClass?: string };

/** A form's spec and plan with images that this cluster has. */
function made({ spec: change = {}, gatewayClass }: Change): { spec: Spec; plan: PlannedResource[] } {
  const spec: Spec = { ...forms["fixed replicas"]!.spec, ...change };
  const variants = Object.fromEntries(
    spec.variants.map(({ name }) => [
      name,
      variantSettingsForTest({ image: "sluice.test/sentiment:1", limits: { cpu: "1", memory: "512Mi" } }),
    ]),
  );
  const settings = settingsForTest({ variants, gatewayClass: gatewayClass ?? null, streamLimitSeconds: 5 });
  const files = proxyFiles(deploymentId, spec, settings);
  const proxy = { image: "sluice.test/haproxy:1", files };
  return { spec, plan: planKubernetes(deploymentId, spec, { ...settings, proxy }) };
}

async function stackFor(): Promise<EngineStack> {
  const engine = await testEngine();
  const folder = path.join(outer, "engine");
  const state = path.join(outer, "state");
  await mkdir(state, { recursive: true });
  const stack = await pulumiStack({
    cliPath: engine.path,
    cliVersion: engine.version,
    name: deploymentId,
    folder,
    secrets,
    env: engineEnvironment(
      { ...process.env, PATH: `${import.meta.dirname}:${process.env.PATH}` },
      {
        cliPath: engine.path,
        folder,
        stateUrl: `file://${state}`,
        passphrase: secrets.passphrase,
        operationId: newId("op"),
        deploymentId,
        fence: 1,
        runtimeSocket: null,
      },
    ),
    program: kubernetesProgram(access()),
    runsAtDestroy: true,
    isNew,
    patienceMs: 20_000,
  });
  isNew = false;
  return stack;
}

const access = () => ({
  kubeconfig: cluster.kubeconfig,
  clusterIdentifier: "cluster-test",
  secrets: { env: { GREETING: "hello" } },
});

/** Brings the deployment to this plan. @returns where it is reached, and what the engine said it did */
async function up({ spec, plan }: ReturnType<typeof made>, withKeys = false) {
  const stack = await stackFor();
  const before = resourcesOf(await stack.exportState());
  const events: EngineEvent[] = [];
  const run = {
    signal: new AbortController().signal,
    onRegistered: () => {},
    onEvent(event: EngineEvent) {
      events.push(event);
      const isThere =
        event.kind === "resource_ended" && event.ok && event.resource.type.endsWith(":Namespace");
      if (isThere && withKeys) void writeKeys();
    },
  };
  const target = kubernetesTarget(
    { deploymentId, spec },
    { kind: "kubernetes", publicHost: null, ...access() },
  );
  await target.preflight(run.signal);
  const outputs = await stack.up(plan, run).catch(async (error: unknown) => {
    throw await target.explain(error as EngineError);
  });
  const said = events.flatMap((event) =>
    event.kind === "resource_ended" ? [[resourceKey(event.resource), event.change]] : [],
  );
  const wanted = diffPlan(before, plan).map((one) => [resourceKey(one), one.change]);
  expect(Object.fromEntries(said)).toEqual(Object.fromEntries(wanted));
  return target.endpointOf(outputs);
}

/** What the worker does in its place: the map of keys, before HAProxy's first pod can start. */
async function writeKeys(): Promise<void> {
  const digest = createHash("sha256").update(key).digest("hex");
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: objectNames.proxyKeys, namespace },
    stringData: { [proxyPlaces.keyFile]: `${digest} probe\n` },
  };
  await cluster.kubectl(["apply", "-f", "-"], JSON.stringify(secret));
}

const ask = (endpoint: EndpointView, headers: Record<string, string> = {}) =>
  fetch(new URL("/predict", endpoint.url), {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ text: "A wonderful day." }),
  });
const bearer = { authorization: `Bearer ${key}` };

test("private, behind HAProxy: it answers a key's holder and nobody else", { timeout: 240_000 }, async () => {
  const endpoint = await up(made({}), true);
  expect(endpoint).toMatchObject({ ip: cluster.nodeAddress, access: "private" });
  const answer = await waitUntil("an answer", async () => {
    const response = await ask(endpoint, bearer);
    return response.ok ? response : null;
  });
  expect(await answer.json()).toMatchObject({ sentiment: { label: "positive" } });
  expect((await ask(endpoint)).status).toBe(401);
});

test(
  "changed under steady traffic, models and HAProxy alike, no request fails",
  { timeout: 240_000 },
  async () => {
    const endpoint = await up(made({}), true);
    const statuses: unknown[] = [];
    let isOver = false;
    const once = async () => {
      const response = await ask(endpoint, bearer);
      await response.text();
      return response.status;
    };
    const caller = async () => {
      while (!isOver)
        statuses.push(await once().catch(({ message, cause }: Error) => `${message}: ${String(cause)}`));
    };
    const callers = Promise.all([caller(), caller()]);
    const env = [{ name: "GREETING", value: "hello again" }];
    const routing: Spec["routing"] = { ...made({}).spec.routing, algorithm: "least-connections" };
    await up(made({ spec: { env, routing } }), true);
    // Those that were replaced go on for a while.
    const selector = "labelSelector=sluice%2Fdeployment";
    await waitUntil("the old pods to be gone", async () => {
      const { items } = await cluster.request(`/api/v1/namespaces/${namespace}/pods?${selector}`);
      return items.length === 4;
    });
    isOver = true;
    await callers;
    expect(statuses.length).toBeGreaterThan(50);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  },
);

test("an image that isn't there is named by the target's own explanation", { timeout: 240_000 }, async () => {
  const { spec, plan } = made({});
  const broken = plan.map((one) =>
    one.name === "model-main" && one.type.endsWith(":Deployment") ? withoutImage(one) : one,
  );
  await expect(up({ spec, plan: broken }, true)).rejects.toThrow("can't be pulled");
});

function withoutImage(planned: PlannedResource): PlannedResource {
  const text = JSON.stringify(planned.inputs).replaceAll("sluice.test/sentiment:1", "sluice.test/none:1");
  const inputs = JSON.parse(text) as { metadata: Record<string, unknown> };
  Object.assign(inputs.metadata, { annotations: { "pulumi.com/timeoutSeconds": "15" } });
  return { ...planned, inputs };
}

/** Replicas that nothing has told to end, by their uids. */
async function replicas(): Promise<string[]> {
  const selector = "labelSelector=sluice%2Frole=model";
  const { items } = await cluster.request(`/api/v1/namespaces/${namespace}/pods?${selector}`);
  const staying = (items as Pod[]).filter(({ metadata }) => !metadata.deletionTimestamp);
  return staying.map(({ metadata }) => metadata.uid).sort();
}

type Pod = { metadata: { uid: string; deletionTimestamp?: string } };

test(
  "changed to scale and back, it goes on with the replicas that it has",
  { timeout: 480_000 },
  async () => {
    const [fixed] = made({}).spec.variants;
    const three = { ...fixed!.scaling, minReplicas: 3, maxReplicas: 3 };
    await up(made({ spec: { variants: [{ ...fixed!, scaling: three }] } }), true);
    const before = await waitUntil("three replicas", async () => {
      const found = await replicas();
      return found.length === 3 ? found : null;
    });
    const [scaling] = forms["an HPA"]!.spec.variants;
    const endpoint = await up(made({ spec: { variants: [scaling!] } }));
    expect(await replicas()).toEqual(before);
    expect((await ask(endpoint, bearer)).status).toBe(200);
    const path = `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers/model-main`;
    await waitUntil("the HPA to know the load", async () => {
      const { status } = await cluster.request(path);
      return status.currentMetrics?.[0]?.resource?.current?.averageUtilization !== undefined;
    });
    const most = { ...fixed!.scaling, minReplicas: 4, maxReplicas: 4 };
    await up(made({ spec: { variants: [{ ...fixed!, scaling: most }] } }));
    expect(await replicas()).toHaveLength(4);
  },
);

test("behind a Gateway, then at layer 4, then gone", { timeout: 480_000 }, async () => {
  const open = forms["open to all"]!.spec.endpoint;
  const byGateway = await up(made({ gatewayClass: cluster.gateway.className, spec: { endpoint: open } }));
  const ready = async (endpoint: EndpointView) =>
    waitUntil("an answer", async () => ((await ask(endpoint)).ok ? true : null));
  expect(byGateway.url).toBe(`http://${cluster.gateway.address}`);
  await ready(byGateway);
  const routing = { ...forms["layer 4"]!.spec.routing };
  const plain = await up(made({ spec: { endpoint: open, routing } }));
  await ready(plain);

  const stack = await stackFor();
  await stack.destroy({ signal: new AbortController().signal, onEvent: () => {} });
  expect(await kubernetesRemaining(access(), deploymentId)).toEqual([]);
});
