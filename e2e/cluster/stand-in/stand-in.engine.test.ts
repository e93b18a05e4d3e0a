import { beforeEach, describe, expect, test, vi } from "vitest";
import { pathOf, pathsOf, standInBench, type StandInBench } from "#e2e/cluster/stand-in/bench-for-test.ts";
import { watch } from "#e2e/stand-in/watch.ts";
import type { EngineEvent } from "#infra/engine/driver.ts";
import { resourcesOf } from "#infra/runner/perform.ts";
import { kubernetesRemaining } from "#infra/targets/kubernetes/inventory.ts";
import { endpointOf } from "#infra/targets/kubernetes/outputs.ts";
import { diffPlan } from "#lib/targets/diff-plan.ts";
import { forms } from "#lib/targets/kubernetes/forms-for-test.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let bench: StandInBench;
beforeEach(async () => {
  bench = await standInBench();
  return () => bench.close();
});

describe("a deployment's way", () => {
  test("made in the kubeconfig's own cluster and in no other, changed, and gone", async () => {
    const it = await bench.deployed();
    const stack = await it.as("token-a");
    const plan = it.plan("two variants with rules");
    const first = watch();
    const outputs = await stack.up(plan, first.run);
    expect([...bench.ours.objects.keys()].sort()).toEqual(pathsOf(plan));
    expect(first.changes()).toEqual(Object.fromEntries(plan.map((one) => [resourceKey(one), "create"])));
    expect(bench.decoy.asked).toEqual([]);
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

    const secret = bench.ours.objects.get(pathOf(plan.find(({ name }) => name === "env")!));
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    expect(secret?.data).toEqual({ TOKEN: base64("canary-token"), MODE: base64("canary-mode") });
    const remembered = await bench.state.rows();
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
    expect([...bench.ours.objects.keys()].sort()).toEqual(pathsOf(other));
    expect(bench.decoy.asked).toEqual([]);
  });

  test("another kubeconfig for the same cluster replaces nothing, and a tear-down uses today's", async () => {
    const it = await bench.deployed();
    const plan = it.plan("fixed replicas");
    await (await it.as("token-a")).up(plan, watch().run);
    bench.ours.tokens.delete("token-a");
    bench.ours.tokens.add("token-b");
    bench.ours.asked.length = 0;
    const { run, changes } = watch();
    const stack = await it.as("token-b");
    await stack.up(plan, run);
    expect(new Set(Object.values(changes()))).toEqual(new Set(["same"]));

    bench.ours.tokens.delete("token-b");
    bench.ours.tokens.add("token-c");
    const last = await it.as("token-c");
    await last.destroy(watch().run);
    expect([...bench.ours.objects.keys()]).toEqual([]);
    expect(bench.ours.asked.filter((line) => !line.startsWith("token-c"))).toEqual([]);
    expect(
      await kubernetesRemaining({ kubeconfig: bench.ours.kubeconfig("token-c") }, it.deploymentId),
    ).toEqual([]);
    expect(bench.decoy.asked).toEqual([]);
  });

  test("an autoscaler gets the count of replicas before its Deployment leaves it out, and goes before a fixed one comes", async () => {
    const it = await bench.deployed();
    const { signal } = new AbortController();
    const run = { signal, onRegistered: () => {}, onEvent: () => {} };
    const changeTo = async (form: string) => {
      bench.ours.asked.length = 0;
      await (await it.as("token-a")).up(it.plan(form), run);
      const changes = bench.ours.asked.map((line) =>
        /(PATCH|DELETE) .*\/([a-z]+\/model-main)(\?|$)/.exec(line),
      );
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

  test("an autoscaler that went before a change that then failed is made again, since the engine looks first", async () => {
    const it = await bench.deployed();
    const { run } = watch();
    const stack = await it.as("token-a");
    await stack.up(it.plan("an HPA"), run);
    bench.ours.stuck.add("model-main");
    const fixed = it.plan("fixed replicas").map((one) => ({
      ...one,
      inputs: one.type.endsWith(":Deployment") ? hurried(one.inputs) : one.inputs,
    }));
    await expect(stack.up(fixed, run)).rejects.toThrow();
    const autoscalers = () =>
      [...bench.ours.objects.keys()].filter((one) => one.includes("/horizontalpodautoscalers/"));
    expect(autoscalers()).toEqual([]);
    bench.ours.stuck.clear();
    await stack.up(it.plan("an HPA"), { ...run, looksFirst: true });
    expect(autoscalers()).toHaveLength(1);
  });

  test("what an interrupted attempt made is taken over", async () => {
    const it = await bench.deployed();
    const plan = it.plan("fixed replicas");
    for (const one of plan.slice(0, 4)) {
      const object = { ...(one.inputs as object), stringData: undefined };
      bench.ours.objects.set(pathOf(one), object as never);
    }
    await (await it.as("token-a")).up(plan, watch().run);
    expect([...bench.ours.objects.keys()].sort()).toEqual(pathsOf(plan));
  });

  test("a Deployment without its pods fails with the pods' own reason, is remembered, and can go on", async () => {
    const it = await bench.deployed();
    const plan = it.plan("a GPU").map((one) => ({
      ...one,
      inputs: one.type.endsWith(":Deployment") ? hurried(one.inputs) : one.inputs,
    }));
    bench.ours.stuck.add("model-main");
    const stack = await it.as("token-a");
    const failure = await stack.up(plan, watch().run).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "EngineError" });
    expect((failure as { logLines: string[] }).logLines.join("\n")).toContain("ImagePullBackOff");
    expect(resourcesOf(await stack.exportState()).map(resourceKey)).toContain(
      "kubernetes:apps/v1:Deployment::model-main",
    );
    bench.ours.stuck.clear();
    await stack.up(plan, watch().run);
    expect([...bench.ours.objects.keys()].sort()).toEqual(pathsOf(plan));
  });

  test("a Deployment without its pods is waited for again by a run that looks first, though nothing of it changes", async () => {
    const it = await bench.deployed();
    const plan = it.plan("fixed replicas").map((one) => ({
      ...one,
      inputs: one.type.endsWith(":Deployment") ? hurried(one.inputs) : one.inputs,
    }));
    bench.ours.stuck.add("model-main");
    const stack = await it.as("token-a");
    await expect(stack.up(plan, watch().run)).rejects.toThrow();
    const looks = { ...watch().run, looksFirst: true };
    await expect(stack.up(plan, looks)).rejects.toMatchObject({ name: "EngineError" });
    bench.ours.stuck.clear();
    await stack.up(plan, looks);
    expect([...bench.ours.objects.keys()].sort()).toEqual(pathsOf(plan));
  });

  test("cancelled while it waits, it stops soon, and the next run goes on", async () => {
    const it = await bench.deployed();
    const plan = it.plan("fixed replicas");
    bench.ours.stuck.add("model-main");
    const stack = await it.as("token-a");
    const stopping = new AbortController();
    const { run } = watch();
    const onEvent = (event: EngineEvent) => {
      const isWaited = event.kind === "resource_started" && event.resource.type.endsWith(":Deployment");
      if (isWaited) stopping.abort();
    };
    const running = stack.up(plan, { ...run, signal: stopping.signal, onEvent });
    await expect(running).rejects.toMatchObject({ code: "cancelled" });
    bench.ours.stuck.clear();
    await stack.up(plan, watch().run);
    expect([...bench.ours.objects.keys()].sort()).toEqual(pathsOf(plan));
  });
});

function hurried(inputs: Record<string, unknown>): Record<string, unknown> {
  const metadata = inputs.metadata as object;
  return { ...inputs, metadata: { ...metadata, annotations: { "pulumi.com/timeoutSeconds": "1" } } };
}

test("from one load balancer to another, the plan is what the engine then says", async () => {
  const it = await bench.deployed();
  const stack = await it.as("token-a");
  let before: PlannedResource[] = [];
  for (const name of ["a Gateway before HAProxy, by HTTPS", "layer 4", "a Gateway that routes"]) {
    const plan = it.plan(name);
    const { run, changes } = watch();
    await stack.up(plan, run);
    const wanted = diffPlan(before, plan).map((one) => [resourceKey(one), one.change]);
    expect([name, changes()]).toEqual([name, Object.fromEntries(wanted)]);
    expect([...bench.ours.objects.keys()].sort()).toEqual(pathsOf(plan));
    before = plan;
  }
});
