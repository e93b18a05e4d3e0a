import { mkdir } from "node:fs/promises";
import path from "node:path";
import { engineEnvironment, fencedStateUrl } from "#infra/engine/child-environment.ts";
import { EngineError } from "#infra/engine/driver.ts";
import { isNoStack } from "#infra/engine/pulumi-driver.ts";
import { pulumiLook, type EngineLook } from "#infra/engine/pulumi-look.ts";
import type { Looked, LookJob } from "#infra/runner/messages.ts";
import type { MintedTokens } from "#infra/runner/minted-tokens.ts";
import { failureOf } from "#infra/runner/perform.ts";
import { explainCluster } from "#infra/targets/kubernetes/preflight.ts";
import { driftOf } from "#infra/targets/gke/drift.ts";
import type { RunnerTarget } from "#infra/targets/target.ts";

/** No attempt ever has it, so the state's own trigger refuses whatever a look might write. */
const noFence = 0;

type Look = {
  job: LookJob;
  target: RunnerTarget;
  /** what the engine's environment has for the target beside the usual */
  environment?: Record<string, string>;
  source: Record<string, string | undefined>;
  signal: AbortSignal;
};

/**
 * Lets the engine look. Never throws: what went wrong is its result.
 *
 * @param source this process's environment
 */
export async function takeLook(
  job: LookJob,
  source: Record<string, string | undefined>,
  signal: AbortSignal,
  minted: MintedTokens,
): Promise<Looked> {
  try {
    const placed = await placeOf(job, signal, minted);
    await placed.target.preflight(signal);
    const look = { job, ...placed, source, signal };
    return job.kind === "preview" ? await preview(look) : await drift(look);
  } catch (error) {
    if (signal.aborted) return failureOf(new EngineError("cancelled", "It was broken off."));
    return failureOf(explainCluster(error));
  }
}

async function placeOf(
  job: LookJob,
  signal: AbortSignal,
  minted: MintedTokens,
): Promise<Pick<Look, "target" | "environment">> {
  if (job.target.kind === "kubernetes") {
    const { kubernetesTarget } = await import("#infra/targets/kubernetes/target.ts");
    return { target: kubernetesTarget(job, job.target) };
  }
  const { googleTarget } = await import("#infra/runner/google-target.ts");
  // What the engine made isn't known here: what is at Google's says whose it is.
  return googleTarget({ ...job, before: null }, job.target, {
    onAddress: () => {},
    signal,
    settleMs: 0,
    minted,
  });
}

async function preview(look: Look): Promise<Looked> {
  const { job, signal } = look;
  const engine = await engineOf(look, job.isNew);
  const steps = await engine.preview(job.plan, signal).catch(async (error: unknown) => {
    // Its first operation ended before the engine had anything to remember.
    if (!isNoStack(error)) throw error;
    return (await engineOf(look, true)).preview(job.plan, signal);
  });
  return { ok: true, kind: "preview", steps };
}

async function drift(look: Look): Promise<Looked> {
  const { job, target, signal } = look;
  if (job.target.kind === "gke") {
    const steps = await (await engineOf(look, false)).preview(job.plan, signal, true);
    return { ok: true, kind: "drift", items: driftOf(steps) };
  }
  if (!target.drift) throw new EngineError("engine_failed", "What is on this target can't be compared.");
  const seen = await (await engineOf(look, false)).read(signal);
  return { ok: true, kind: "drift", items: await target.drift(seen, job.plan, signal) };
}

/** @param isNew the engine knows nothing of it: it gets a state of its own in the work folder, which is thrown away */
async function engineOf({ job, target, environment, source }: Look, isNew: boolean): Promise<EngineLook> {
  const ownState = path.join(job.folder, "state");
  if (isNew) await mkdir(ownState, { recursive: true, mode: 0o700 });
  return pulumiLook({
    cliPath: job.engine.path,
    cliVersion: job.engine.version,
    name: job.deploymentId,
    folder: job.folder,
    secrets: job.secrets,
    env: {
      ...engineEnvironment(source, {
        cliPath: job.engine.path,
        pluginFolders: job.engine.pluginFolders,
        folder: job.folder,
        stateUrl: isNew ? `file://${ownState}` : fencedStateUrl(job.stateUrl, noFence),
        passphrase: job.secrets.passphrase,
        // Not the deployment's: an operation that ends what works on it leaves a look alone.
        operationId: job.jobId,
        deploymentId: job.jobId,
        fence: noFence,
        runtimeSocket: null,
      }),
      ...environment,
    },
    program: target.program,
    isNew,
    patienceMs: job.patienceMs,
  });
}
