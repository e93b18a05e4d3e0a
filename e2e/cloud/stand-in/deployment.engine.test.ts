import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  cloudBench,
  googlesOf,
  keepGroups,
  left,
  type CloudBench,
} from "#e2e/cloud/stand-in/bench-for-test.ts";
import { watch } from "#e2e/stand-in/watch.ts";
import { project } from "#e2e/cloud/google/google-for-test.ts";
import { gkeForm, ownClusterForTest } from "#lib/targets/gke/forms-for-test.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

let bench: CloudBench;
beforeEach(async () => {
  bench = await cloudBench();
});
afterEach(() => bench.close());

const all = (plan: PlannedResource[], change: string) =>
  Object.fromEntries(plan.map((one) => [resourceKey(one), change]));

test.each([
  "keys, so HAProxy routes",
  "two variants with rules",
  "affinity by cookie",
  "a given certificate",
  "another domain",
  "static content beside open variants",
  "a region's cluster",
  "a zone's cluster with nodes in two",
  "spot nodes that scale",
  "a GPU",
  "layer 4",
])("made, unchanged by a second run and by a look, and gone: %s", async (form) => {
  const plan = await googlesOf(form);
  keepGroups(bench.google, plan);
  // A fresh project has one GPU.
  for (const region of ["us-central1", null]) {
    bench.google.quotas.set(project, region, region ? "NVIDIA_T4_GPUS" : "GPUS_ALL_REGIONS", 8);
  }
  const stack = await bench.stack();
  const first = watch();
  await stack.up(plan, first.run);
  expect(first.changes()).toEqual(all(plan, "create"));
  const again = watch();
  await stack.up(plan, again.run);
  expect(again.changes()).toEqual(all(plan, "same"));
  const looked = watch();
  await stack.up(plan, { ...looked.run, looksFirst: true });
  expect(looked.changes()).toEqual(all(plan, "same"));
  await stack.destroy(watch().run);
  expect(left(bench.google)).toEqual([]);
  expect(bench.google.requests().filter(({ method, status }) => method !== "GET" && status >= 400)).toEqual(
    [],
  );
});

describe("a deployment that is there", () => {
  const changed = (changes: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(changes).filter(([, change]) => change !== "same"));

  test("gets other weights by one change of its URL map", async () => {
    const form = "two variants with rules";
    const plan = await googlesOf(form);
    keepGroups(bench.google, plan);
    const stack = await bench.stack();
    await stack.up(plan, watch().run);
    const before = bench.google.requests().length;
    const wanted = plan.map((one) => {
      if (one.type !== gkeTypes.urlMap) return one;
      const inputs = JSON.parse(JSON.stringify(one.inputs).replace(/"weight":\d+/, '"weight":50')) as object;
      return { ...one, inputs: { ...inputs } };
    });
    const { run, changes } = watch();
    await stack.up(wanted, run);
    expect(changed(changes())).toEqual({ [`${gkeTypes.urlMap}::routes`]: "update" });
    const writes = bench.google
      .requests()
      .slice(before)
      .filter(({ method }) => method !== "GET");
    expect(writes).toMatchObject([{ method: "PUT", path: expect.stringContaining("/urlMaps/") as string }]);
    expect(writes[0]!.body).toContain('"weight":50');
    expect(writes[0]!.body).toContain('"fingerprint":');
  });

  test("gets another pool beside the old one before that goes, where machines differ", async () => {
    const plan = await googlesOf("keys, so HAProxy routes");
    keepGroups(bench.google, plan);
    const stack = await bench.stack();
    await stack.up(plan, watch().run);
    const before = bench.google.requests().length;
    const { run, changes } = watch();
    await stack.up(
      await googlesOf("keys, so HAProxy routes", { cluster: { ...ownClusterForTest, spot: true } }),
      run,
    );
    expect(changed(changes())).toEqual({ [`${gkeTypes.nodePool}::pool`]: "replace" });
    const writes = bench.google
      .requests()
      .slice(before)
      .filter(({ method }) => method !== "GET");
    expect(writes.map(({ method }) => method)).toEqual(["POST", "DELETE"]);
  });

  test("gets the files' label by knowing the labels that are there", async () => {
    const form = "static content";
    const plan = await googlesOf(form);
    keepGroups(bench.google, plan);
    const stack = await bench.stack();
    await stack.up(plan, watch().run);
    const { staticContent } = gkeForm({}, {}).settings;
    expect(staticContent).toBeNull();
    const files = plan.find(({ type }) => type === gkeTypes.bucket)!;
    const labels = { ...(files.inputs.labels as object), "sluice-content": "ffff" };
    const { run, changes } = watch();
    await stack.up(
      plan.map((one) => (one === files ? { ...one, inputs: { ...one.inputs, labels } } : one)),
      run,
    );
    expect(changed(changes())).toEqual({ [`${gkeTypes.bucket}::static`]: "update" });
    expect(bench.google.store.get(`storage/b/${String(files.inputs.name)}`)?.body.labels).toMatchObject(
      labels,
    );
  });

  test("what was changed or deleted by hand is found and put right", async () => {
    const plan = await googlesOf("open to all, so Google routes");
    keepGroups(bench.google, plan);
    const stack = await bench.stack();
    await stack.up(plan, watch().run);
    const { store } = bench.google;
    const global = `compute/projects/${project}/global`;
    const rule = plan.find(({ type }) => type === gkeTypes.forwardingRule)!;
    store.remove(`${global}/forwardingRules/${String(rule.inputs.name)}`);
    const firewall = plan.find(({ type }) => type === gkeTypes.firewall)!;
    const kept = store.get(`${global}/firewalls/${String(firewall.inputs.name)}`)!;
    kept.body = { ...kept.body, sourceRanges: ["0.0.0.0/0"] };
    const { run, changes } = watch();
    await stack.up(plan, { ...run, looksFirst: true });
    expect(changed(changes())).toMatchObject({
      [resourceKey(rule)]: "create",
      [resourceKey(firewall)]: "update",
    });
    expect(store.get(kept.key)?.body.sourceRanges).toEqual(firewall.inputs.sourceRanges);
    expect(store.get(`${global}/forwardingRules/${String(rule.inputs.name)}`)).toBeDefined();
  });
});
