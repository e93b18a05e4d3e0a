import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchTroubles } from "#infra/runner/watch-troubles.ts";
import type { Trouble } from "#infra/targets/target.ts";
import type { FailureCode } from "#lib/deployments/status.ts";
import type { OperationEvent } from "#lib/operations/events.ts";
import { resourceKey } from "#lib/targets/plan.ts";

const resource = { type: "kubernetes:apps/v1:Deployment", name: "model-main" };
const trouble = (code: FailureCode, more: Partial<Trouble> = {}): Trouble => ({
  code,
  message: `It is ${code}.`,
  logLines: ["a line"],
  of: resourceKey(resource),
  ...more,
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A watch whose step is under way, and what it finds from now on. */
function watching(startSeconds = 600) {
  const events: OperationEvent[] = [];
  const found: { now: Trouble[] | Error } = { now: [] };
  const look = () => (found.now instanceof Error ? Promise.reject(found.now) : Promise.resolve(found.now));
  const watch = watchTroubles(look, (event) => events.push(event), startSeconds);
  watch.step({ kind: "resource_started", resource, change: "create" });
  const after = async (seconds: number) => {
    await vi.advanceTimersByTimeAsync(seconds * 1000);
    return watch.verdict()?.code ?? null;
  };
  return { watch, events, found, after };
}

test.each([
  ["image_pull", 60],
  ["start_failed", 60],
  ["no_node_fits", 60],
  ["target_unreachable", 60],
  ["root_needed", 10],
  ["gateway_failed", 180],
  ["probe_failed", 600],
] as const)("%s is borne for %i seconds, then the wait is given up", async (code, seconds) => {
  const { watch, found, after, events } = watching();
  found.now = [trouble(code)];
  expect(await after(seconds)).toBeNull();
  expect(watch.signal.aborted).toBe(false);
  expect(await after(4)).toBe(code);
  expect(watch.signal.aborted).toBe(true);
  expect(watch.verdict()).toEqual(trouble(code));
  // said once, however often it was seen
  expect(events).toEqual([
    { kind: "log", level: "warning", source: "runtime", text: `It is ${code}.\na line` },
  ]);
});

test("nothing is borne for longer than a replica may take to start", async () => {
  const { found, after } = watching(20);
  found.now = [trouble("probe_failed")];
  expect(await after(20)).toBeNull();
  expect(await after(4)).toBe("probe_failed");
});

test("what goes by itself is no reason; a moment without it isn't its end", async () => {
  const { found, after } = watching();
  found.now = [trouble("start_failed")];
  await after(40);
  found.now = [];
  await after(8);
  found.now = [trouble("start_failed")];
  expect(await after(20)).toBe("start_failed");

  const other = watching();
  other.found.now = [trouble("image_pull")];
  await other.after(40);
  other.found.now = [];
  await other.after(20);
  other.found.now = [trouble("image_pull")];
  expect(await other.after(40)).toBeNull();
  expect(await other.after(30)).toBe("image_pull");
});

test("what keeps no step under way, or is being put right, is said and no reason to give up", async () => {
  const { watch, found, after, events } = watching();
  found.now = [
    trouble("start_failed", { of: resourceKey({ ...resource, name: "model-other" }) }),
    trouble("no_node_fits", { mayPass: true }),
  ];
  expect(await after(590)).toBeNull();
  expect(events).toHaveLength(2);
  watch.step({ kind: "resource_ended", resource, change: "create", ok: true, durationMs: 1 });
  found.now = [trouble("image_pull")];
  expect(await after(300)).toBeNull();
});

test("what can't be looked at is looked at the next time; a watch that has ended looks no more", async () => {
  const { watch, found, after, events } = watching();
  found.now = new Error("no answer");
  await after(10);
  found.now = [trouble("image_pull")];
  await after(10);
  expect(events).toHaveLength(1);
  watch.stop();
  expect(await after(300)).toBeNull();
  expect(watch.signal.aborted).toBe(false);
});

test("what keeps a whole kind of resource waiting counts while one of that kind is under way", async () => {
  const { watch, found, after } = watching();
  const pool = { type: "gcp:container/nodePool:NodePool", name: "nodes" };
  watch.step({ kind: "resource_ended", resource, change: "create", ok: true, durationMs: 1 });
  watch.step({ kind: "resource_started", resource: pool, change: "create" });
  found.now = [trouble("target_unreachable", { of: "kubernetes:" })];
  expect(await after(300)).toBeNull();
  watch.step({ kind: "resource_started", resource, change: "create" });
  expect(await after(60)).toBeNull();
  expect(await after(6)).toBe("target_unreachable");
});
