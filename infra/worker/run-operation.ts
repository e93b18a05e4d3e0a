import { countNow } from "#infra/clusters/replicas/count-now.ts";
import { EngineError, type EngineState } from "#infra/engine/driver.ts";
import { endEngineProcesses } from "#infra/engine/recovery.ts";
import { pruneHistory } from "#infra/engine/prune-history.ts";
import { RuntimeError } from "#infra/local-runtime/provider/runtime-client.ts";
import { raiseStackFence } from "#infra/postgres/stack-fence.ts";
import { startTimeOf } from "#infra/processes/start-time.ts";
import type { FromRunner, Result } from "#infra/runner/messages.ts";
import { stageLog } from "#infra/runner/stage-log.ts";
import { explainCluster } from "#infra/targets/kubernetes/preflight.ts";
import { aftermathOf } from "#infra/worker/aftermath.ts";
import { checkWhatIsLeft } from "#infra/worker/check-left.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import { failed, notChecked, succeeded, tornDown, type Aftermath } from "#infra/worker/outcome.ts";
import { persistently } from "#infra/worker/persistently.ts";
import { prepareJob, type Prepared } from "#infra/worker/prepare-job.ts";
import type { Engine } from "#infra/worker/loop.ts";
import type { Runner } from "#infra/worker/runner-process.ts";
import { keepExport } from "#infra/worker/state-export.ts";
import { domainShortage } from "#lib/deployments/domain-state.ts";
import type { FailureCode } from "#lib/deployments/status.ts";
import type { EndpointView } from "#lib/deployments/view.ts";
import { assignRunner } from "#lib/operations/assign-runner.ts";
import type { Begun } from "#lib/operations/begin.ts";
import { createRecorder, type Recorder } from "#lib/operations/create-recorder.ts";
import { finish, type Outcome } from "#lib/operations/finish.ts";
import { heartbeat } from "#lib/operations/heartbeat.ts";
import { secretMask } from "#lib/operations/mask-secrets.ts";
import { record } from "#lib/operations/record.ts";
import { showAddress } from "#lib/operations/show-address.ts";

/** An operation that this worker works on. */
export type Running = {
  begun: Begun;
  /** Looks now whether it is to be cancelled, instead of at the next beat. */
  look(): void;
  /** Stops it, to be ended as `interrupted`: the worker is going away. */
  interrupt(): void;
  /** Ends its processes at once. */
  kill(): void;
  /** resolves when all is written; never rejects */
  done: Promise<void>;
};

const beatMs = 3_000;

/** Works on one operation in a process of its own, and writes down what becomes of it. */
export function runOperation(ctx: WorkerContext, begun: Begun, engine: Engine): Running {
  const { db, clock, log } = ctx;
  const state: State = {
    runner: null,
    isLost: false,
    isOver: false,
    isCancelled: false,
    isInterrupted: false,
  };

  const stop = () => state.runner?.cancel();
  const lose = () => {
    if (state.isLost || state.isOver) return;
    state.isLost = true;
    log.warn({ operation: begun.operationId }, "this operation was ended or taken over: this attempt stops");
    state.runner?.kill();
  };
  const look = async () => {
    const beat = await heartbeat(db, begun);
    if (!beat) return lose();
    if (beat.cancelRequested && !state.isCancelled) {
      state.isCancelled = true;
      stop();
    }
  };
  // A beat that fails says nothing: the lease is ours until another worker takes it.
  const lookQuietly = () =>
    void look().catch((error: unknown) => log.warn({ err: error }, "a heartbeat failed"));
  const beating = setInterval(lookQuietly, beatMs);

  const work = async () => {
    const prepared = await persistently(log, () => prepareJob(ctx, begun, engine)).catch(
      (error: unknown) => error,
    );
    if (isPrepared(prepared)) return workOn(ctx, begun, prepared, state, lose);
    const code = prepared instanceof EngineError ? prepared.code : "engine_failed";
    const message = prepared instanceof Error ? prepared.message : String(prepared);
    log.error({ err: prepared, operation: begun.operationId }, "an operation couldn't be prepared");
    const aftermath = await lookAfter(ctx, begun, null);
    const outcome = failed({ ok: false, code, message, logLines: [] }, aftermath);
    await persistently(log, () => finish(db, begun, outcome, clock));
  };

  const done = work()
    .catch((error: unknown) => {
      log.error({ err: error, operation: begun.operationId }, "an operation went wrong");
      return endAll(begun, state);
    })
    .finally(() => {
      clearInterval(beating);
      state.runner?.kill();
    });
  return {
    begun,
    done,
    look: lookQuietly,
    interrupt() {
      state.isInterrupted = true;
      stop();
    },
    kill: () => state.runner?.kill(),
  };
}

type State = {
  runner: Runner | null;
  isLost: boolean;
  /** its end is being written: what the runner still does is nobody's wait */
  isOver: boolean;
  isCancelled: boolean;
  isInterrupted: boolean;
};

/** Nothing of an attempt may work on once it has ended: a killed runner leaves the engine and its plugin behind. */
async function endAll(begun: Begun, state: State): Promise<void> {
  state.runner?.kill();
  await endEngineProcesses(begun.operationId);
}

async function workOn(
  ctx: WorkerContext,
  begun: Begun,
  prepared: Prepared,
  state: State,
  lose: () => void,
): Promise<void> {
  const { db, clock, log } = ctx;
  const { job } = prepared;
  const recorder = createRecorder({
    write: (events, doubtAfter) => record(db, begun, events, doubtAfter),
    onLost: lose,
    onRefused: (error) =>
      log.error({ err: error, operation: begun.operationId }, "the database refused a part of the story"),
    secrets: prepared.secretTexts,
    now: () => clock.now(),
  });
  await persistently(log, () => raiseStackFence(ctx.statePortalUrl, begun.deploymentId, begun.fence));
  const runner = ctx.runners.take();
  state.runner = runner;
  const { pid } = runner;
  const assigned = { pid, startedAt: startTimeOf(pid), plan: job.plan };
  if (!(await persistently(log, () => assignRunner(db, begun, assigned)))) lose();
  if (state.isLost) return endAll(begun, state);

  const kept: { state: EngineState | null } = { state: null };
  const result = await resultOf(
    runner,
    (message) => {
      if (message.type === "event") recorder.add(message.event, new Date(message.at));
      if (message.type === "address") void tellAddress(ctx, begun, prepared, message.endpoint, recorder);
      if (message.type === "exported") kept.state = message.state;
    },
    () => {
      runner.start(job);
      if (state.isCancelled || state.isInterrupted) runner.cancel();
    },
  );
  if (state.isLost) return endAll(begun, state);
  const told = truth(result, state, secretMask(prepared.secretTexts));
  if (!result.ok && result.detail) {
    const { code, detail } = result;
    log.warn({ operation: begun.operationId, code, detail }, "what people aren't told of a failure");
  }
  if (!told.ok) sayWhy(recorder, told);
  const outcome = await outcomeOf(ctx, begun, prepared, told, recorder);
  await recorder.flush();
  state.isOver = true;
  const isMine = await persistently(log, () => finish(db, begun, outcome, clock));
  log.info(
    { operation: begun.operationId, status: outcome.status, code: outcome.code, isMine },
    "operation ended",
  );
  ctx.runners.refill();
  await runner.ended;
  if (isMine && kept.state && outcome.deployment.status !== "destroyed") {
    const { state: exported } = kept;
    await persistently(log, () => keepExport(db, ctx.sealingKey, begun, exported, clock.now()));
    await pruneHistory(ctx.statePortalUrl, begun.deploymentId, begun.fence).catch((error: unknown) =>
      log.debug({ err: error }, "the engine's history wasn't pruned: a newer operation goes on"),
    );
  }
}

/** Of a deployment that had none, its address is told as soon as it is reserved: a DNS record can be set meanwhile. */
async function tellAddress(
  { db, log }: WorkerContext,
  begun: Begun,
  { endpoint: before }: Prepared,
  endpoint: EndpointView,
  recorder: Recorder,
): Promise<void> {
  if (before !== null) return;
  recorder.add({
    kind: "log",
    level: "info",
    source: "worker",
    text: `The address ${endpoint.ip} is reserved.`,
  });
  await showAddress(db, begun, endpoint).catch((error: unknown) =>
    log.warn({ err: error, operation: begun.operationId }, "the address isn't shown before the end"),
  );
}

/** What the runner says; if it ends without a word, that. */
function resultOf(
  runner: Runner,
  onMessage: (message: FromRunner) => void,
  start: () => void,
): Promise<Result> {
  return new Promise((resolve) => {
    runner.onMessage((message) => {
      onMessage(message);
      if (message.type === "result") resolve(message.result);
    });
    void runner.ended.then((lastWords) => {
      const message = "The process that worked on it ended unexpectedly. Retry: it goes on with what exists.";
      resolve({
        ok: false,
        code: "interrupted",
        message,
        logLines: lastWords.split("\n").filter(Boolean).slice(-10),
      });
    });
    start();
  });
}

/** What a person may read of it. A run that was stopped because the worker is going away wasn't cancelled by one. */
function truth(result: Result, state: State, mask: (text: string) => string): Result {
  if (result.ok) return result;
  if (!state.isInterrupted || result.code !== "cancelled")
    return { ...result, message: mask(result.message) };
  const message = "Sluice was stopped in the middle of it. Retry: it goes on with what exists.";
  return { ...result, code: "interrupted", message };
}

async function outcomeOf(
  ctx: WorkerContext,
  begun: Begun,
  prepared: Prepared,
  result: Result,
  recorder: Recorder,
): Promise<Outcome> {
  // A tear-down that couldn't remove all of it has a receipt too: it says what stays, and what that costs.
  const isLeft = begun.kind === "destroy" && !result.ok && result.code === "leftovers";
  if (!result.ok && !isLeft) {
    await endEngineProcesses(begun.operationId);
    await recorder.flush();
    return failed(result, await lookAfter(ctx, begun, prepared));
  }
  if (result.ok && begun.kind !== "destroy") {
    await countReplicas(ctx, begun, prepared);
    return succeeded(
      result.endpoint,
      await persistently(ctx.log, () => pendingDomain(ctx, begun, prepared, result.endpoint)),
    );
  }
  const stages = stageLog((event) => recorder.add(event));
  stages.start("checking");
  await recorder.flush();
  try {
    const receipt = await persistently(ctx.log, () => checkWhatIsLeft(ctx, begun, prepared));
    stages.end("checking", receipt.remaining.length === 0);
    return tornDown(receipt, result.ok ? null : result.message);
  } catch (error) {
    ctx.log.error({ err: error, operation: begun.operationId }, "what a tear-down left wasn't looked at");
    stages.end("checking", false);
    return notChecked(codeOf(error));
  }
}

/** Nobody waits for a person's DNS: that it isn't set yet is no failure, but not ready either. */
async function pendingDomain(
  { db }: WorkerContext,
  { deploymentId: id }: Begun,
  { job: { spec } }: Prepared,
  endpoint: EndpointView | null,
): Promise<string | null> {
  const domain = spec.google?.domain ?? null;
  if (domain === null || endpoint === null) return null;
  const { domainState } = await db.deployment.findUniqueOrThrow({
    where: { id },
    select: { domainState: true },
  });
  return domainShortage(domainState, domain, endpoint.ip);
}

/** Processes of this machine are counted as they change; a cluster is asked once more. If in vain, it soon is again. */
async function countReplicas(ctx: WorkerContext, begun: Begun, { job: { target } }: Prepared): Promise<void> {
  if (target.kind === "local") return;
  await countNow(ctx, begun.deploymentId).catch((error: unknown) =>
    ctx.log.debug(
      { err: error, operation: begun.operationId },
      "replicas weren't counted: the next look does",
    ),
  );
}

function codeOf(error: unknown): FailureCode {
  if (error instanceof RuntimeError) return error.failure.code;
  const known = explainCluster(error);
  return known instanceof EngineError ? known.code : "engine_failed";
}

/** What can't be looked at doesn't change how the operation went. */
async function lookAfter(ctx: WorkerContext, begun: Begun, prepared: Prepared | null): Promise<Aftermath> {
  return persistently(ctx.log, () => aftermathOf(ctx, begun, prepared)).catch((error: unknown) => {
    ctx.log.error({ err: error, operation: begun.operationId }, "what an operation left wasn't looked at");
    return { kind: begun.kind, answersAt: null, exists: null };
  });
}

function sayWhy(recorder: Recorder, { code, logLines }: Extract<Result, { ok: false }>): void {
  if (logLines.length === 0) return;
  const source = failuresOfReplicas.includes(code) ? "runtime" : "engine";
  recorder.add({ kind: "log", level: "error", source, text: logLines.join("\n") });
}

/** Their log lines are the replica's or the load balancer's own. */
const failuresOfReplicas: readonly FailureCode[] = ["start_failed", "probe_failed", "load_balancer_failed"];

function isPrepared(value: unknown): value is Prepared {
  return typeof value === "object" && value !== null && "job" in value;
}
