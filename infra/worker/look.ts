import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { endEngineProcesses } from "#infra/engine/recovery.ts";
import { newStackSecrets, type StackSecrets } from "#infra/engine/stack-secrets.ts";
import { EngineError } from "#infra/engine/driver.ts";
import type { Looked, LookJob } from "#infra/runner/messages.ts";
import { JobFailure } from "#infra/worker/job-loop.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import type { Engine } from "#infra/worker/loop.ts";
import { placeJob } from "#infra/worker/place-job.ts";
import { spawnRunner } from "#infra/worker/runner-process.ts";
import { targetTexts } from "#infra/worker/target-texts.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { secretMask } from "#lib/operations/mask-secrets.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";
import { unseal, UnsealError } from "#lib/secrets/seal.ts";

export type LookContext = Pick<
  WorkerContext,
  "db" | "clock" | "log" | "sealingKey" | "home" | "stateUrl" | "googleEndpoint"
>;

/** What is to be looked at. */
export type LookedAt = {
  jobId: string;
  kind: LookJob["kind"];
  /** of one that isn't there: the id that it would have */
  deployment: { id: string; targetId: string | null; stackSecrets: string | null };
  spec: Spec;
  /** what was declared last, to be compared with; without it, what the spec asks for now */
  plan?: PlannedResource[];
};

/** How long an engine that is told to stop may take, before it is ended by force. */
const patienceMs = 3_000;

/**
 * Lets the engine look at a deployment's stack in a process of its own, since its SDK does one thing at a time. Nothing
 * of it stays: no process, no file, no state.
 *
 * @param engine null while it, or its plugin for clusters, isn't there
 * @throws JobFailure with a sentence for who asked
 */
export async function look(
  ctx: LookContext,
  engine: Engine | null,
  at: LookedAt,
  signal: AbortSignal,
): Promise<Extract<Looked, { ok: true }>> {
  if (!engine)
    throw new JobFailure(
      "The engine or its plugin isn't there yet: the targets page says how far that is. Then ask again.",
    );
  const job = await prepare(ctx, engine, at).catch((error: unknown) => {
    throw error instanceof EngineError || error instanceof UnsealError
      ? new JobFailure(error.message)
      : error;
  });
  await sweepFolders(ctx);
  const looked = await inProcess(job, signal).finally(() => cleanUp(job));
  if (looked.ok) return looked;
  if (looked.detail)
    ctx.log.warn({ job: at.jobId, detail: looked.detail }, "what people aren't told of a look");
  if (signal.aborted) throw new JobFailure("It took too long, or Sluice was stopped. Ask again.");
  const [last] = looked.logLines.slice(-1);
  throw new JobFailure(maskOf(job)(last ? `${looked.message} (${last})` : looked.message));
}

async function prepare(ctx: LookContext, engine: Engine, at: LookedAt): Promise<LookJob> {
  const { deployment, spec, jobId, kind } = at;
  const { sealingKey } = ctx;
  // Of a preview's new secrets nobody has the values: another id alone says that they change.
  const { target, plan } = await placeJob(ctx, deployment, spec, false, (secretId) => `new ${secretId}`);
  if (target.kind === "local") throw new JobFailure("Only what is on a cluster is looked at like this.");
  const sealed = deployment.stackSecrets;
  const secrets = sealed
    ? (JSON.parse(unseal(sealingKey, deployment.id, sealed)) as StackSecrets)
    : await newStackSecrets();
  return {
    jobId,
    kind,
    deploymentId: deployment.id,
    spec,
    plan: at.plan ?? plan,
    isNew: sealed === null,
    engine,
    folder: folderOf(ctx, jobId),
    stateUrl: ctx.stateUrl,
    secrets,
    target,
    patienceMs,
  };
}

function inProcess(job: LookJob, signal: AbortSignal): Promise<Looked> {
  const runner = spawnRunner();
  let force: NodeJS.Timeout | undefined;
  const stop = () => {
    runner.cancel();
    force = setTimeout(() => runner.kill(), patienceMs);
  };
  signal.addEventListener("abort", stop, { once: true });
  return new Promise<Looked>((resolve) => {
    runner.onMessage((message) => {
      if (message.type === "looked") resolve(message.looked);
    });
    void runner.ended.then((detail) => {
      const message = "The process that looked ended unexpectedly. Ask again.";
      resolve({ ok: false, code: "engine_failed", message, logLines: [], detail });
    });
    runner.look(job);
    if (signal.aborted) stop();
  }).finally(() => {
    clearTimeout(force);
    signal.removeEventListener("abort", stop);
    runner.kill();
  });
}

async function cleanUp({ jobId, folder }: LookJob): Promise<void> {
  await endEngineProcesses(jobId);
  await rm(folder, { recursive: true, force: true });
}

function engineRoot({ home }: LookContext): string {
  return path.join(home, "engine");
}

function folderOf(ctx: LookContext, jobId: string): string {
  return path.join(engineRoot(ctx), jobId);
}

/** Takes away what looks left whose worker was killed. */
async function sweepFolders(ctx: LookContext): Promise<void> {
  const found = (await readdir(engineRoot(ctx)).catch(() => [])).filter((name) => name.startsWith("job-"));
  if (found.length === 0) return;
  const running = await ctx.db.job.findMany({
    where: { id: { in: found }, status: "running" },
    select: { id: true },
  });
  const kept = new Set(running.map(({ id }) => id));
  for (const name of found) {
    if (!kept.has(name)) await rm(folderOf(ctx, name), { recursive: true, force: true });
  }
}

/** Who asks may not know where the cluster is, nor what opens it. */
function maskOf({ target, secrets }: LookJob): (text: string) => string {
  const values = Object.values(target.secrets).flatMap((one: string | Record<string, string> | undefined) =>
    typeof one === "string" ? [one] : Object.values(one ?? {}),
  );
  return secretMask([...targetTexts(target), secrets.passphrase, ...values]);
}
