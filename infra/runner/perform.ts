import { declaredInputs } from "#infra/engine/declared-inputs.ts";
import { EngineError, type EngineEvent, type EngineStack, type EngineState } from "#infra/engine/driver.ts";
import { nameInUrn } from "#infra/engine/name-in-urn.ts";
import { recoverStack } from "#infra/engine/recovery.ts";
import { takeBack } from "#infra/engine/take-back.ts";
import { RuntimeError } from "#infra/local-runtime/provider/runtime-client.ts";
import { firstAnswer } from "#infra/runner/ask-endpoint.ts";
import type { Job, Result } from "#infra/runner/messages.ts";
import { engineStageLog, stageLog, type StageLog } from "#infra/runner/stage-log.ts";
import { watchTroubles, type TroubleWatch } from "#infra/runner/watch-troubles.ts";
import type { RunnerTarget } from "#infra/targets/target.ts";
import type { EndpointView } from "#lib/deployments/view.ts";
import type { OperationEvent } from "#lib/operations/events.ts";
import type { DriftItem } from "#lib/targets/drift.ts";
import { diffPlan } from "#lib/targets/diff-plan.ts";
import { KubeconfigError } from "#lib/targets/kubernetes/kubeconfig-error.ts";
import { isPlannedType, resourceKey, type PlannedChange, type PlannedResource } from "#lib/targets/plan.ts";

export type Performance = {
  job: Job;
  stack: EngineStack;
  target: RunnerTarget;
  signal: AbortSignal;
  /** how long a replica may take to be ready while nothing else is known to be wrong with it, in seconds */
  startSeconds: number;
  emit(event: OperationEvent): void;
};

/** How long Google's load balancer must answer well before callers are told of it, in milliseconds. */
const steadyMs = 5_000;

/** Does one operation. Never throws: what went wrong is its result. */
export async function perform(performance: Performance): Promise<Result> {
  const stages = stageLog(performance.emit);
  try {
    stages.start("planning");
    switch (performance.job.kind) {
      case "deploy":
      case "update":
        return { ok: true, endpoint: await deploy(performance, stages) };
      case "destroy":
        await destroy(performance, stages);
        return { ok: true, endpoint: null };
    }
  } catch (error) {
    stages.endAll(false);
    return performance.signal.aborted && !(error instanceof EngineError) ? cancelled : failureOf(error);
  }
}

async function deploy(performance: Performance, stages: StageLog): Promise<EndpointView> {
  const { job, stack, target, signal, emit } = performance;
  await target.preflight(signal);
  const there = await whatIsThere(performance);
  const adopted = await target.adopt?.(there, signal);
  const changes = putRight(diffPlan(there, job.plan), job.drifted);
  declare(emit, changes);
  const engineStages = engineStageLog(stages, changes);
  const watch = target.troubles && watchTroubles(target.troubles, emit, performance.startSeconds);
  const failed = new Set<string>();
  const outputs = await stack
    .up(job.plan, {
      signal: watch ? AbortSignal.any([signal, watch.signal]) : signal,
      // After a failure too: while there is one, nobody compares what is there with what was declared.
      looksFirst:
        target.canLook && (job.mayBeDirty || job.drifted.length > 0 || adopted?.looksFirst === true),
      onRegistered: () => stages.end("planning", true),
      onEvent: (event) => {
        watch?.step(event);
        noteFailure(failed, event);
        engineStages.around(event, () => emit(event));
      },
    })
    .catch((error: unknown) => {
      throw (!signal.aborted && givenUp(watch, error)) || error;
    })
    .catch((error: unknown) => sayWhy(target, error, failed))
    .finally(() => watch?.stop());
  engineStages.finish();
  stages.start("first_answer");
  const endpoint = await target.endpointOf(outputs, signal);
  // Google's load balancer is known everywhere only after minutes, and here sooner than there.
  const patience = job.target.kind === "gke" ? { patienceMs: performance.startSeconds * 1000, steadyMs } : {};
  await firstAnswer(endpoint, job.spec, job.probeKey, signal, patience);
  stages.end("first_answer", true);
  return endpoint;
}

async function destroy(performance: Performance, stages: StageLog): Promise<void> {
  const { stack, target, signal, emit } = performance;
  declare(emit, diffPlan(await whatIsThere(performance), []));
  stages.end("planning", true);
  stages.start("deleting");
  const failed = new Set<string>();
  const onEvent = (event: EngineEvent) => {
    noteFailure(failed, event);
    emit(event);
  };
  await stack.destroy({ signal, onEvent }).catch((error: unknown) => sayWhy(target, error, failed));
  // What an interrupted attempt made may be in no state: the target finds it by its name.
  const stuck = await target.sweep(signal).catch((error: unknown) => {
    if (error instanceof EngineError && error.code === "leftovers") return error;
    throw error;
  });
  // The engine has nothing left, whatever the sweep couldn't remove: the receipt says that.
  await stack.remove();
  if (stuck) throw stuck;
  stages.end("deleting", true);
}

/** Of a run that was stopped because waiting had no use any more, that is why it failed. */
function givenUp(watch: TroubleWatch | null, error: unknown): EngineError | null {
  const verdict = watch?.verdict();
  if (!verdict) return null;
  return new EngineError(verdict.code, verdict.message, verdict.logLines, error);
}

function noteFailure(failed: Set<string>, event: EngineEvent): void {
  if (event.kind === "resource_ended" && !event.ok) failed.add(resourceKey(event.resource));
}

async function sayWhy(target: RunnerTarget, error: unknown, failed: ReadonlySet<string>): Promise<never> {
  throw error instanceof EngineError ? await target.explain(error, failed) : error;
}

/** What was changed or deleted by hand is made as it was, though nothing of it changes in the plan. */
function putRight(changes: PlannedChange[], drifted: DriftItem[]): PlannedChange[] {
  const found = new Map(drifted.map((item) => [resourceKey(item), item]));
  return changes.map((one) => {
    const item = found.get(resourceKey(one));
    if (!item || (one.change !== "same" && one.change !== "update")) return one;
    return { ...one, change: item.gone ? "create" : "update" };
  });
}

function declare(emit: Performance["emit"], changes: PlannedChange[]): void {
  emit({ kind: "planned", resources: changes.map(({ type, name, change }) => ({ type, name, change })) });
}

/** What the engine made before. After a failure its memory is mended first, and what was kept of it is out of date. */
async function whatIsThere({ job, stack, emit }: Performance): Promise<PlannedResource[]> {
  if (!job.mayBeDirty) return job.before ?? resourcesOf(await stack.exportState());
  const recovered = await recoverStack(stack, job.deploymentId, job.operationId);
  const { state, said } =
    job.kind === "destroy" ? { ...recovered, said: [] } : await takeBack(stack, recovered.state, job.plan);
  for (const text of [...recovered.said, ...said])
    emit({ kind: "log", level: "info", source: "worker", text });
  return resourcesOf(state);
}

/** The engine's memory as a plan, to compare a new one with; what was replaced and is to go isn't in it. */
export function resourcesOf(state: EngineState | null): PlannedResource[] {
  return (state?.deployment?.resources ?? [])
    .filter((one) => !one.delete && isPlannedType(one.type))
    .map(({ type, urn, inputs = {} }) => {
      const name = nameInUrn(urn);
      const summary = `${type.split(":").at(-1)} ${name}`;
      return { type, name, summary, inputs: declaredInputs(inputs), dependsOn: [] };
    });
}

const cancelled: Result = { ok: false, code: "cancelled", message: "It was cancelled.", logLines: [] };

/** What went wrong, as a result for people. */
export function failureOf(error: unknown): Extract<Result, { ok: false }> {
  if (error instanceof EngineError) {
    const { code, message, logLines, cause } = error;
    return { ok: false, code, message, logLines, ...(cause instanceof Error && { detail: cause.message }) };
  }
  if (error instanceof RuntimeError) return { ok: false, ...error.failure };
  if (error instanceof KubeconfigError) {
    const message = `The target's kubeconfig can't be used: ${error.message} Then retry.`;
    return { ok: false, code: "target_refused", message, logLines: [] };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { ok: false, code: "engine_failed", message: `The operation failed: ${message}`, logLines: [] };
}
