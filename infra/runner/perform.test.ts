import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { scriptedStack, type Script } from "#infra/engine/scripted-driver.ts";
import type { Job } from "#infra/runner/messages.ts";
import { perform } from "#infra/runner/perform.ts";
import type { RunnerTarget, Trouble } from "#infra/targets/target.ts";
import type { OperationEvent } from "#lib/operations/events.ts";
import { forms } from "#lib/targets/kubernetes/forms-for-test.ts";
import { planKubernetes } from "#lib/targets/kubernetes/plan.ts";

const deploymentId = "dep-waiting00001";
const model = "kubernetes:apps/v1:Deployment::model-main";
const { spec, settings } = forms["open to all"]!;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A deploy whose engine waits for its replicas for ever, and what the cluster says of them. */
function waiting(troubles: Trouble[], refused: string[] = []) {
  const stopping = new AbortController();
  const events: OperationEvent[] = [];
  const explain = vi.fn<RunnerTarget["explain"]>((error) => Promise.resolve(error));
  const script: Script = new Map([[model, "wait"]]);
  for (const key of refused)
    script.set(key, { code: "engine_failed", message: "The cluster refused it.", logLines: [] });
  const stack = scriptedStack(deploymentId, script);
  const job = {
    kind: "deploy",
    deploymentId,
    spec,
    plan: planKubernetes(deploymentId, spec, settings),
    before: [],
    drifted: [],
    mayBeDirty: false,
  } as unknown as Job;
  const target = {
    preflight: () => Promise.resolve(),
    troubles: () => Promise.resolve(troubles),
    explain,
  } as unknown as RunnerTarget;
  const emit = (event: OperationEvent) => void events.push(event);
  const result = perform({ job, stack, target, signal: stopping.signal, startSeconds: 600, emit });
  return { stack, stopping, events, explain, result };
}

const trouble: Trouble = { code: "image_pull", message: "It can't be pulled.", logLines: ["no"], of: model };

test("an engine that waits in vain is stopped, and why is told as the failure; what it made is remembered", async () => {
  const { stack, events, result } = waiting([trouble]);
  await stack.isWaiting();
  await vi.advanceTimersByTimeAsync(66_000);
  expect(await result).toMatchObject({
    ok: false,
    code: "image_pull",
    message: "It can't be pulled.",
    logLines: ["no"],
  });
  const made = (await stack.exportState())?.deployment?.resources?.map(({ urn }) => urn);
  expect(made).toContainEqual(expect.stringContaining("Namespace"));
  expect(events.filter(({ kind }) => kind === "log")).toHaveLength(1);
  expect(events.at(-1)).toMatchObject({ kind: "stage_ended", ok: false });
});

test("what a person cancels is cancelled, also while there is trouble", async () => {
  const { stack, stopping, result } = waiting([trouble]);
  await stack.isWaiting();
  await vi.advanceTimersByTimeAsync(30_000);
  stopping.abort();
  expect(await result).toMatchObject({ ok: false, code: "cancelled" });
});

test("a failure of the engine's own, before anything was given up, is explained by the target", async () => {
  const { stack, explain, result } = waiting([trouble]);
  await stack.isWaiting();
  await vi.advanceTimersByTimeAsync(10_000);
  stack.kill();
  expect(await result).toMatchObject({ ok: false, code: "engine_failed" });
  expect(explain).toHaveBeenCalledOnce();
  expect(explain.mock.calls[0]![1]).toEqual(new Set());
});

test("the target is told which resources failed", async () => {
  const namespace = `kubernetes:core/v1:Namespace::sluice-${deploymentId}`;
  const { explain, result } = waiting([], [namespace]);
  expect(await result).toMatchObject({ ok: false, code: "engine_failed" });
  expect(explain.mock.calls.map(([, failed]) => failed)).toEqual([new Set([namespace])]);
});

test.each([
  { mayBeDirty: false, canLook: true, looksFirst: false },
  { mayBeDirty: true, canLook: false, looksFirst: false },
  { mayBeDirty: true, canLook: true, looksFirst: true },
])(
  "after a failure the engine looks before it believes its memory, where its plugin can: %o",
  async (given) => {
    vi.useRealTimers();
    const { mayBeDirty, canLook, looksFirst } = given;
    const stack = scriptedStack(deploymentId, new Map());
    const up = vi.spyOn(stack, "up");
    const plan = planKubernetes(deploymentId, spec, settings);
    const job = {
      kind: "update",
      deploymentId,
      operationId: "op-1",
      spec,
      plan,
      before: [],
      drifted: [],
      mayBeDirty,
    };
    const target = { preflight: () => Promise.resolve(), troubles: null, canLook };
    await perform({
      job: job as unknown as Job,
      stack,
      target: target as unknown as RunnerTarget,
      signal: new AbortController().signal,
      startSeconds: 600,
      emit: () => undefined,
    });
    expect(up).toHaveBeenCalledWith(plan, expect.objectContaining({ looksFirst }));
  },
);
