import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  cloudBench,
  googlesOf,
  keepGroups,
  left,
  type CloudBench,
} from "#e2e/cloud/stand-in/bench-for-test.ts";
import { watch } from "#e2e/stand-in/watch.ts";
import { takeBack } from "#infra/engine/take-back.ts";
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

  expect(await takeBack(stack, open)).toEqual([
    `${nameIn(open)} is wanted again: it stays, and ${nameIn(withKeys)} goes.`,
  ]);
  expect(await takeBack(stack, open)).toEqual([]);
  const again = watch();
  await stack.up(open, again.run);
  expect(again.changes()).toMatchObject({ [firewallKey]: "same" });
  expect(firewalls()).toEqual([expect.stringContaining(nameIn(open))]);

  expect(await takeBack(stack, withKeys)).toEqual([]);
  await stack.up(withKeys, watch().run);
  expect(firewalls()).toEqual([expect.stringContaining(nameIn(withKeys))]);
  await stack.destroy(watch().run);
  expect(left(bench.google)).toEqual([]);
});
