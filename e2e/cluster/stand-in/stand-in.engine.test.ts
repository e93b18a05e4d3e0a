import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { checkResource } from "#e2e/cluster/stand-in/check-resource.ts";
import { fakeApiServer, type FakeApiServer } from "#e2e/cluster/stand-in/fake-api-server.ts";
import { engineEnvironment, fencedStateUrl } from "#infra/engine/child-environment.ts";
import type { EngineError, EngineEvent, EngineStack } from "#infra/engine/driver.ts";
import { testEngine } from "#infra/engine/engine-for-test.ts";
import { pulumiStack } from "#infra/engine/pulumi-driver.ts";
import { newStackSecrets } from "#infra/engine/stack-secrets.ts";
import { stateDatabase } from "#infra/engine/state-database-for-test.ts";
import { apiClient } from "#infra/kubernetes/api-client.ts";
import { raiseStackFence } from "#infra/postgres/stack-fence.ts";
import { resourcesOf } from "#infra/runner/perform.ts";
import { kubernetesRemaining, sweepNamespace } from "#infra/targets/kubernetes/inventory.ts";
import { endpointOf } from "#infra/targets/kubernetes/outputs.ts";
import { kubernetesPreflight } from "#infra/targets/kubernetes/preflight.ts";
import { kubernetesProgram } from "#infra/targets/kubernetes/program.ts";
import { newId } from "#lib/ids.ts";
import { diffPlan } from "#lib/targets/diff-plan.ts";
import { testAuthority, type Authority } from "#lib/targets/kubernetes/authority-for-test.ts";
import { forms, secretsForTest } from "#lib/targets/kubernetes/forms-for-test.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";
import { parseKubeconfig } from "#lib/targets/kubernetes/parse-kubeconfig.ts";
import { planKubernetes } from "#lib/targets/kubernetes/plan.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const standIn = import.meta.dirname;
const engine = await testEngine();

let authority: Authority;
let ours: FakeApiServer;
let decoy: FakeApiServer;
let folder: string;
let state: Awaited<ReturnType<typeof stateDatabase>>;

beforeAll(async () => {
  authority = await testAuthority();
  state = await stateDatabase();
  folder = mkdtempSync(path.join(tmpdir(), "sluice-stand-in-"));
});
beforeEach(async () => {
  ours = await fakeApiServer(authority, ["token-a"]);
  decoy = await fakeApiServer(authority, ["token-decoy"]);
  return async () => {
    await ours.close();
    await decoy.close();
  };
});
afterAll(async () => {
  await state.drop();
  rmSync(folder, { recursive: true, force: true });
});

type Deployed = {
  deploymentId: string;
  plan(name: keyof typeof forms): PlannedResource[];
  /** the stack, with a kubeconfig for this token */
  as(token: string): Promise<EngineStack>;
};

/** A deployment whose engine finds another cluster's kubeconfig wherever a plugin could look for one. */
async function deployed(): Promise<Deployed> {
  const deploymentId = newId("dep");
  const own = path.join(folder, deploymentId);
  await raiseStackFence(state.url, deploymentId, 1);
  const secrets = await newStackSecrets();
  const trap = path.join(own, "trap");
  mkdirSync(trap, { recursive: true });
  writeFileSync(path.join(trap, "config"), decoy.kubeconfig("token-decoy"));
  mkdirSync(path.join(own, "work/home/.kube"), { recursive: true });
  writeFileSync(path.join(own, "work/home/.kube/config"), decoy.kubeconfig("token-decoy"));
  const base = engineEnvironment(
    { ...process.env, PATH: `${standIn}:${process.env.PATH}` },
    {
      cliPath: engine.path,
      folder: path.join(own, "work"),
      stateUrl: fencedStateUrl(state.url, 1),
      passphrase: secrets.passphrase,
      operationId: newId("op"),
      deploymentId,
      fence: 1,
      runtimeSocket: null,
    },
  );
  const stackFor = (kubeconfig: string, isNew: boolean) =>
    pulumiStack({
      cliPath: engine.path,
      cliVersion: engine.version,
      name: deploymentId,
      folder: path.join(own, "work"),
      secrets,
      env: { ...base, KUBECONFIG: path.join(trap, "config") },
      program: kubernetesProgram({ kubeconfig, clusterIdentifier: "cluster-1", secrets: secretsForTest }),
      runsAtDestroy: true,
      isNew,
      patienceMs: 20_000,
    });
  let isNew = true;
  return {
    deploymentId,
    plan: (name) => planKubernetes(deploymentId, forms[name]!.spec, forms[name]!.settings),
    as(token) {
      const stack = stackFor(ours.kubeconfig(token), isNew);
      isNew = false;
      return stack;
    },
  };
}

function watch() {
  const events: EngineEvent[] = [];
  const run = {
    signal: new AbortController().signal,
    onEvent: (event: EngineEvent) => void events.push(event),
    onRegistered: () => {},
  };
  const changes = () =>
    Object.fromEntries(
      events.flatMap((event) =>
        event.kind === "resource_ended" ? [[resourceKey(event.resource), event.change]] : [],
      ),
    );
  return { run, changes };
}

const pathOf = ({ inputs }: PlannedResource) => {
  const object = inputs as {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace?: string };
  };
  return objectPath({ ...object, ...object.metadata });
};
const pathsOf = (plan: PlannedResource[]) => plan.map(pathOf).sort();

describe("a deployment's way", () => {
  test("made in the kubeconfig's own cluster and in no other, changed, and gone", async () => {
    const it = await deployed();
    const stack = await it.as("token-a");
    const plan = it.plan("two variants with rules");
    const first = watch();
    const outputs = await stack.up(plan, first.run);
    expect([...ours.objects.keys()].sort()).toEqual(pathsOf(plan));
    expect(first.changes()).toEqual(Object.fromEntries(plan.map((one) => [resourceKey(one), "create"])));
    expect(decoy.asked).toEqual([]);
    const address = await endpointOf(
      outputs,
      forms["two variants with rules"]!.spec,
      async () => "192.0.2.9",
    );
    expect(address).toEqual({
      url: "http://192.0.2.9:30080",
      ip: "192.0.2.9",
      port: 30_080,
      access: "private",
    });

    const secret = ours.objects.get(pathOf(plan.find(({ name }) => name === "env")!));
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    expect(secret?.data).toEqual({ TOKEN: base64("canary-token"), MODE: base64("canary-mode") });
    const remembered = await state.rows();
    expect(remembered).toContain("model-main");
    for (const text of ["canary-token", "canary-mode", "token-a"]) {
      expect(remembered).not.toContain(text);
      expect(remembered).not.toContain(base64(text));
    }

    const again = watch();
    await stack.up(plan, again.run);
    expect(new Set(Object.values(again.changes()))).toEqual(new Set(["same"]));
    const known = resourcesOf(await stack.exportState());
    expect(diffPlan(known, plan).filter(({ change }) => change !== "same")).toEqual([]);

    const other = it.plan("the environment, a secret in it");
    const wanted = diffPlan(known, other);
    const changed = watch();
    await stack.up(other, changed.run);
    expect(changed.changes()).toEqual(
      Object.fromEntries(wanted.map((one) => [resourceKey(one), one.change])),
    );
    expect([...ours.objects.keys()].sort()).toEqual(pathsOf(other));
    expect(decoy.asked).toEqual([]);
  });

  test("another kubeconfig for the same cluster replaces nothing, and a tear-down uses today's", async () => {
    const it = await deployed();
    const plan = it.plan("fixed replicas");
    await (await it.as("token-a")).up(plan, watch().run);
    ours.tokens.delete("token-a");
    ours.tokens.add("token-b");
    ours.asked.length = 0;
    const { run, changes } = watch();
    const stack = await it.as("token-b");
    await stack.up(plan, run);
    expect(new Set(Object.values(changes()))).toEqual(new Set(["same"]));

    ours.tokens.delete("token-b");
    ours.tokens.add("token-c");
    const last = await it.as("token-c");
    await last.destroy(watch().run);
    expect([...ours.objects.keys()]).toEqual([]);
    expect(ours.asked.filter((line) => !line.startsWith("token-c"))).toEqual([]);
    expect(await kubernetesRemaining({ kubeconfig: ours.kubeconfig("token-c") }, it.deploymentId)).toEqual(
      [],
    );
    expect(decoy.asked).toEqual([]);
  });

  test("an autoscaler gets the count of replicas before its Deployment leaves it out, and goes before a fixed one comes", async () => {
    const it = await deployed();
    const { signal } = new AbortController();
    const run = { signal, onRegistered: () => {}, onEvent: () => {} };
    const changeTo = async (form: string) => {
      ours.asked.length = 0;
      await (await it.as("token-a")).up(it.plan(form), run);
      const changes = ours.asked.map((line) => /(PATCH|DELETE) .*\/([a-z]+\/model-main)(\?|$)/.exec(line));
      return changes.flatMap((found) => (found ? [`${found[1]} ${found[2]}`] : []));
    };
    await changeTo("fixed replicas");
    const [deployment, autoscaler] = ["deployments/model-main", "horizontalpodautoscalers/model-main"];
    // The hand-over, then the engine's own.
    expect((await changeTo("an HPA")).slice(0, 3)).toEqual([
      `PATCH ${deployment}`,
      `PATCH ${deployment}`,
      `PATCH ${autoscaler}`,
    ]);
    expect((await changeTo("fixed replicas")).slice(0, 2)).toEqual([
      `DELETE ${autoscaler}`,
      `PATCH ${deployment}`,
    ]);
  });

  test("what an interrupted attempt made is taken over", async () => {
    const it = await deployed();
    const plan = it.plan("fixed replicas");
    for (const one of plan.slice(0, 4)) {
      const object = { ...(one.inputs as object), stringData: undefined };
      ours.objects.set(pathOf(one), object as never);
    }
    await (await it.as("token-a")).up(plan, watch().run);
    expect([...ours.objects.keys()].sort()).toEqual(pathsOf(plan));
  });

  test("a Deployment without its pods fails with the pods' own reason, is remembered, and can go on", async () => {
    const it = await deployed();
    const plan = it.plan("a GPU").map((one) => ({
      ...one,
      inputs: one.type.endsWith(":Deployment") ? hurried(one.inputs) : one.inputs,
    }));
    ours.stuck.add("model-main");
    const stack = await it.as("token-a");
    const failure = await stack.up(plan, watch().run).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "EngineError" });
    expect((failure as { logLines: string[] }).logLines.join("\n")).toContain("ImagePullBackOff");
    expect(resourcesOf(await stack.exportState()).map(resourceKey)).toContain(
      "kubernetes:apps/v1:Deployment::model-main",
    );
    ours.stuck.clear();
    await stack.up(plan, watch().run);
    expect([...ours.objects.keys()].sort()).toEqual(pathsOf(plan));
  });

  test("cancelled while it waits, it stops soon, and the next run goes on", async () => {
    const it = await deployed();
    const plan = it.plan("fixed replicas");
    ours.stuck.add("model-main");
    const stack = await it.as("token-a");
    const stopping = new AbortController();
    const { run } = watch();
    const onEvent = (event: EngineEvent) => {
      const isWaited = event.kind === "resource_started" && event.resource.type.endsWith(":Deployment");
      if (isWaited) stopping.abort();
    };
    const running = stack.up(plan, { ...run, signal: stopping.signal, onEvent });
    await expect(running).rejects.toMatchObject({ code: "cancelled" });
    ours.stuck.clear();
    await stack.up(plan, watch().run);
    expect([...ours.objects.keys()].sort()).toEqual(pathsOf(plan));
  });
});

function hurried(inputs: Record<string, unknown>): Record<string, unknown> {
  const metadata = inputs.metadata as object;
  return { ...inputs, metadata: { ...metadata, annotations: { "pulumi.com/timeoutSeconds": "1" } } };
}

test.each([
  ["a property that the SDK doesn't have", { imagePullPolcy: "Never" }, "imagePullPolcy"],
  ["a number for a text", { image: 3 }, "must be a string"],
  ["no name, which the SDK wants", { name: undefined }, "needs a property name"],
])("refused before anything is made: %s", async (_what, change, said) => {
  const it = await deployed();
  const plan = it.plan("fixed replicas").map((one) => {
    if (one.name !== "model-main" || !one.type.endsWith(":Deployment")) return one;
    const inputs = structuredClone(one.inputs) as {
      spec: { template: { spec: { containers: Record<string, unknown>[] } } };
    };
    Object.assign(inputs.spec.template.spec.containers[0]!, change);
    return { ...one, inputs };
  });
  const failure = await (await it.as("token-a")).up(plan, watch().run).catch((error: unknown) => error);
  expect(JSON.stringify((failure as { logLines: string[] }).logLines)).toContain(said);
  expect([...ours.objects.keys()].filter((key) => key.includes("/deployments/model-main"))).toEqual([]);
});

test.each(Object.entries(forms))("the SDK declares all that is in: %s", (_name, { spec, settings }) => {
  for (const { type, inputs } of planKubernetes(newId("dep"), spec, settings)) {
    expect(checkResource(type, inputs)).toEqual([]);
  }
});

test("from one load balancer to another, the plan is what the engine then says", async () => {
  const it = await deployed();
  const stack = await it.as("token-a");
  let before: PlannedResource[] = [];
  for (const name of ["a Gateway before HAProxy, by HTTPS", "layer 4", "a Gateway that routes"]) {
    const plan = it.plan(name);
    const { run, changes } = watch();
    await stack.up(plan, run);
    const wanted = diffPlan(before, plan).map((one) => [resourceKey(one), one.change]);
    expect([name, changes()]).toEqual([name, Object.fromEntries(wanted)]);
    expect([...ours.objects.keys()].sort()).toEqual(pathsOf(plan));
    before = plan;
  }
});

describe("whose namespace it is", () => {
  const look = async (deploymentId: string, token = "token-a") => {
    const api = apiClient(parseKubeconfig(ours.kubeconfig(token), { now: new Date() }));
    return kubernetesPreflight(api, deploymentId, new AbortController().signal)
      .then(() => "ok")
      .catch((error: { code: string }) => error.code)
      .finally(() => api.close());
  };
  test("nobody's or our own may be used, another's may not, and a foreign one isn't swept", async () => {
    const deploymentId = newId("dep");
    expect(await look(deploymentId)).toBe("ok");
    const [namespace] = planKubernetes(deploymentId, forms["layer 4"]!.spec, forms["layer 4"]!.settings);
    const object = namespace!.inputs as never as { metadata: { labels: Record<string, string> } };
    ours.objects.set(pathOf(namespace!), object as never);
    expect(await look(deploymentId)).toBe("ok");
    ours.objects.set(pathOf(namespace!), {
      ...object,
      metadata: { ...object.metadata, labels: {} },
    } as never);
    expect(await look(deploymentId)).toBe("namespace_taken");
    const api = apiClient(parseKubeconfig(ours.kubeconfig("token-a"), { now: new Date() }));
    await sweepNamespace(api, deploymentId, new AbortController().signal);
    expect(ours.objects.size).toBe(1);
    ours.objects.set(pathOf(namespace!), object as never);
    // Restored from a backup under another name, labels and all: somebody's own.
    const copy = { ...object, metadata: { ...object.metadata, name: "copy" } };
    ours.objects.set("/api/v1/namespaces/copy", copy as never);
    await sweepNamespace(api, deploymentId, new AbortController().signal);
    expect([...ours.objects.keys()]).toEqual(["/api/v1/namespaces/copy"]);
    api.close();
  });
  test("credentials that aren't taken, and a server that isn't there, are told apart", async () => {
    expect(await look(newId("dep"), "token-over")).toBe("target_refused");
    const text = ours.kubeconfig("token-a");
    await ours.close();
    const access = parseKubeconfig(text, { now: new Date() });
    const error = await kubernetesPreflight(
      apiClient(access),
      newId("dep"),
      new AbortController().signal,
    ).catch((e: unknown) => e as EngineError);
    expect(error).toMatchObject({
      code: "target_unreachable",
      cause: { message: expect.stringContaining(access.server) as string },
    });
    // Whoever deploys may not know where the cluster is.
    expect((error as EngineError).message).not.toContain("127.0.0.1");
  });
  test("a namespace that something holds is given up, with what the cluster says of it", async () => {
    const deploymentId = newId("dep");
    const [namespace] = planKubernetes(deploymentId, forms["layer 4"]!.spec, forms["layer 4"]!.settings);
    const object = namespace!.inputs as never as { metadata: object };
    ours.objects.set(pathOf(namespace!), {
      ...object,
      metadata: { ...object.metadata, deletionTimestamp: "2026-11-22T00:00:00Z" },
    } as never);
    ours.terminating.push(
      { type: "NamespaceDeletionContentFailure", status: "False", message: "All content was deleted" },
      {
        type: "NamespaceFinalizersRemaining",
        status: "True",
        message: "a finalizer example.org/hold in 1 resource",
      },
    );
    const api = apiClient(parseKubeconfig(ours.kubeconfig("token-a"), { now: new Date() }));
    const given = sweepNamespace(api, deploymentId, new AbortController().signal, 100);
    await expect(given).rejects.toMatchObject({
      code: "leftovers",
      message: expect.stringMatching(
        /minutes after it was deleted: a finalizer example.org\/hold in 1 resource\./,
      ) as string,
    });
    api.close();
  });
});
