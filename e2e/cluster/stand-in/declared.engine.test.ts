import { expect, onTestFinished, test, vi } from "vitest";
import { standInBench } from "#e2e/cluster/stand-in/bench-for-test.ts";
import { watch } from "#e2e/stand-in/watch.ts";
import { checkResource } from "#e2e/cluster/stand-in/check-resource.ts";
import { newId } from "#lib/ids.ts";
import { forms } from "#lib/targets/kubernetes/forms-for-test.ts";
import { planKubernetes } from "#lib/targets/kubernetes/plan.ts";

// The SDK's own declarations say what an object may have in it.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

test.each([
  ["a property that the SDK doesn't have", { imagePullPolcy: "Never" }, "imagePullPolcy"],
  ["a number for a text", { image: 3 }, "must be a string"],
  ["no name, which the SDK wants", { name: undefined }, "needs a property name"],
])("refused before anything is made: %s", async (_what, change, said) => {
  const bench = await standInBench();
  onTestFinished(() => bench.close());
  const it = await bench.deployed();
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
  expect([...bench.ours.objects.keys()].filter((key) => key.includes("/deployments/model-main"))).toEqual([]);
});

test.each(Object.entries(forms))("the SDK declares all that is in: %s", (_name, { spec, settings }) => {
  for (const { type, inputs } of planKubernetes(newId("dep"), spec, settings)) {
    expect(checkResource(type, inputs)).toEqual([]);
  }
});
