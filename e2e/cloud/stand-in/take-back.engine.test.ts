import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  cloudBench,
  googlesOf,
  keepGroups,
  left,
  type CloudBench,
} from "#e2e/cloud/stand-in/bench-for-test.ts";
import { clientOf, keyFor } from "#e2e/cloud/api-for-test.ts";
import { watch } from "#e2e/stand-in/watch.ts";
import { EngineError } from "#infra/engine/driver.ts";
import { takeBack } from "#infra/engine/take-back.ts";
import type { Job } from "#infra/runner/messages.ts";
import { perform, resourcesOf } from "#infra/runner/perform.ts";
import { adopt } from "#infra/targets/gke/adopt.ts";
import type { RunnerTarget } from "#infra/targets/target.ts";
import { newId } from "#lib/ids.ts";
import { deploymentForTest, gkeForms, ownClusterForTest } from "#lib/targets/gke/forms-for-test.ts";
import { find } from "#lib/targets/gke/plan-for-test.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let bench: CloudBench;
let open: PlannedResource[];
let withKeys: PlannedResource[];
beforeEach(async () => {
  bench = await cloudBench();
  open = await googlesOf("open to all, so Google routes");
  withKeys = await googlesOf("keys, so HAProxy routes");
  keepGroups(bench.google, open);
  keepGroups(bench.google, withKeys);
});
afterEach(() => bench.close());

const firewalls = () => left(bench.google).filter((key) => key.includes("/firewalls/"));
const firewallKey = `${gkeTypes.firewall}::firewall`;
const nameIn = (plan: PlannedResource[]) =>
  String(plan.find((one) => resourceKey(one) === firewallKey)!.inputs.name);

test("a change that failed after it had made another firewall is taken back, and gone on with, with one of them in the end", async () => {
  const stack = await bench.stack();
  await stack.up(open, watch().run);
  bench.google.faults.answer(
    { method: "POST", path: /\/backendServices$/ },
    { code: 400, reason: "invalid", message: "Google broke." },
  );
  await expect(stack.up(withKeys, watch().run)).rejects.toThrow();
  expect(firewalls()).toHaveLength(2);

  const taken = await takeBack(stack, await stack.exportState(), open);
  expect(taken.said).toEqual([`${nameIn(open)} is wanted again: it stays, and ${nameIn(withKeys)} goes.`]);
  const state = await stack.exportState();
  expect(taken.state).toEqual(state);
  expect(await takeBack(stack, state, open)).toEqual({ state, said: [] });
  const again = watch();
  await stack.up(open, again.run);
  expect(again.changes()).toMatchObject({ [firewallKey]: "same" });
  expect(firewalls()).toEqual([expect.stringContaining(nameIn(open))]);

  expect((await takeBack(stack, await stack.exportState(), withKeys)).said).toEqual([]);
  await stack.up(withKeys, watch().run);
  expect(firewalls()).toEqual([expect.stringContaining(nameIn(withKeys))]);
  await stack.destroy(watch().run);
  expect(left(bench.google)).toEqual([]);
});

test("a change of machines that failed is taken back: nothing is imported, the first nodes stay, and the others go", async () => {
  const imports = new Map<string, string>();
  const stack = await bench.stack({ options: (planned) => ({ import: imports.get(resourceKey(planned)) }) });
  const settings = gkeForms["keys, so HAProxy routes"]!.settings;
  const otherMachines = await googlesOf("keys, so HAProxy routes", {
    cluster: { ...ownClusterForTest, spot: true },
  });
  const poolIn = (plan: PlannedResource[]) => find(plan, gkeTypes.nodePool).inputs.name as string;
  const [first, other] = [poolIn(withKeys), poolIn(otherMachines)];
  const pools = () => left(bench.google).filter((key) => key.includes("/nodePools/"));
  await stack.up(withKeys, watch().run);
  bench.google.faults.answer(
    { method: "DELETE", path: new RegExp(`/nodePools/${first}$`) },
    { code: 400, reason: "invalid", message: "Google broke." },
  );
  await expect(stack.up(otherMachines, watch().run)).rejects.toThrow();
  expect(pools()).toHaveLength(2);

  const api = clientOf(bench.google, keyFor(bench.google));
  const target = {
    preflight: () => Promise.resolve(),
    canLook: true,
    troubles: null,
    async adopt(before: PlannedResource[], signal: AbortSignal) {
      const given = { deploymentId: deploymentForTest, settings, plan: withKeys, before };
      const found = await adopt(api, given, signal);
      for (const [key, id] of found.imports) imports.set(key, id);
      return found;
    },
    explain: (error: EngineError) => Promise.resolve(error),
    endpointOf: () => Promise.reject(new EngineError("endpoint_failed", "Nobody answers here.")),
  };
  const job = {
    kind: "update",
    deploymentId: newId("dep"),
    operationId: newId("op"),
    plan: withKeys,
    // As it is kept of the operation that failed.
    before: resourcesOf(await stack.exportState()),
    drifted: [],
    mayBeDirty: true,
  };
  const before = bench.google.requests().length;
  const { signal } = new AbortController();
  const result = await perform({
    job: job as unknown as Job,
    stack,
    target: target as unknown as RunnerTarget,
    signal,
    startSeconds: 600,
    emit: () => undefined,
  });
  // All that the engine does went well.
  expect(result).toMatchObject({ code: "endpoint_failed", message: "Nobody answers here." });
  expect([...imports]).toEqual([]);
  const writes = bench.google
    .requests()
    .slice(before)
    .filter(({ method }) => method !== "GET");
  expect(writes).toMatchObject([
    { method: "DELETE", path: expect.stringMatching(`/nodePools/${other}$`) as string },
  ]);
  expect(pools()).toEqual([expect.stringMatching(`/nodePools/${first}$`)]);
});
