import { engineEnvironment, fencedStateUrl } from "#infra/engine/child-environment.ts";
import type { EngineStack } from "#infra/engine/driver.ts";
import { pulumiStack } from "#infra/engine/pulumi-driver.ts";
import type { FromRunner, Job, LookJob, ToRunner } from "#infra/runner/messages.ts";
import { MintedTokens } from "#infra/runner/minted-tokens.ts";
import { failureOf, perform } from "#infra/runner/perform.ts";
import { endpointOf } from "#infra/targets/gke/outputs.ts";
import { localTarget } from "#infra/targets/local/target.ts";
import type { RunnerTarget } from "#infra/targets/target.ts";
import { readEnv } from "#lib/env.ts";

// One operation, then the end: the engine's SDK installs handlers for the whole process, so a stray rejection of
// one program would fail every other one in it.
const stopping = new AbortController();
const minted = new MintedTokens();
const { SLUICE_START_SECONDS: startSeconds, SLUICE_GOOGLE_SETTLE_SECONDS: settleSeconds } = readEnv();

function send(message: FromRunner): Promise<void> {
  return new Promise((resolve) => {
    if (!process.send || !process.connected) return resolve();
    process.send(message, undefined, {}, () => resolve());
  });
}

type Placed = { target: RunnerTarget; environment?: Record<string, string> };

/** Another target's program, with the SDK that it needs, is loaded only for a job that is about it. */
async function placeOf(job: Job): Promise<Placed> {
  switch (job.target.kind) {
    case "local":
      return { target: localTarget(job, job.target) };
    case "kubernetes": {
      const { kubernetesTarget } = await import("#infra/targets/kubernetes/target.ts");
      return { target: kubernetesTarget(job, job.target) };
    }
    case "gke": {
      const { settings } = job.target;
      const onAddress = (address: string) =>
        void send({ type: "address", endpoint: endpointOf({ address }, job.spec, settings) });
      const { googleTarget } = await import("#infra/runner/google-target.ts");
      return googleTarget(job, job.target, {
        onAddress,
        signal: stopping.signal,
        minted,
        settleMs: settleSeconds * 1000,
      });
    }
  }
}

async function run(job: Job): Promise<void> {
  const made = await stackOf(job).catch((error: unknown) => error as Error);
  if (made instanceof Error) return send({ type: "result", result: minted.mask(failureOf(made)) });
  const { target, stack } = made;
  const emit = (event: Extract<FromRunner, { type: "event" }>["event"]) =>
    void send({ type: "event", at: new Date().toISOString(), event: minted.mask(event) });
  const result = await perform({ job, stack, target, signal: stopping.signal, startSeconds, emit });
  await send({ type: "result", result: minted.mask(result) });
  const isGone = job.kind === "destroy" && result.ok;
  const state = isGone ? null : await stack.exportState().catch(() => null);
  if (state) await send({ type: "exported", state });
}

async function look(job: LookJob): Promise<void> {
  const { takeLook } = await import("#infra/runner/look.ts");
  const looked = await takeLook(job, process.env, stopping.signal, minted);
  await send({ type: "looked", looked: minted.mask(looked) });
}

/** @throws KubeconfigError for one that isn't taken any more */
async function stackOf(job: Job): Promise<{ target: RunnerTarget; stack: EngineStack }> {
  const { target, environment } = await placeOf(job);
  const env = engineEnvironment(process.env, {
    cliPath: job.engine.path,
    pluginFolders: job.engine.pluginFolders,
    folder: job.folder,
    stateUrl: fencedStateUrl(job.stateUrl, job.fence),
    passphrase: job.secrets.passphrase,
    operationId: job.operationId,
    deploymentId: job.deploymentId,
    fence: job.fence,
    runtimeSocket: job.target.kind === "local" ? job.target.runtimeSocket : null,
  });
  const stack = await pulumiStack({
    cliPath: job.engine.path,
    cliVersion: job.engine.version,
    name: job.deploymentId,
    folder: job.folder,
    secrets: job.secrets,
    env: { ...env, ...environment },
    program: target.program,
    runsAtDestroy: target.runsAtDestroy,
    isNew: job.isNew,
    patienceMs: job.patienceMs,
  });
  return { target, stack };
}

process.on("message", (message: ToRunner) => {
  switch (message.type) {
    case "cancel":
      return stopping.abort();
    case "look":
      return void look(message.job).then(() => process.exit(0));
    case "job":
      // An error that nobody can tell about ends the process, which the worker sees.
      return void run(message.job).then(() => process.exit(0));
  }
});

// The worker is gone: nobody would hear of what is done from here on. The engine is told to stop, and with the
// end of this process at the latest it does.
process.on("disconnect", () => {
  stopping.abort();
  setTimeout(() => process.exit(1), 10_000).unref();
});

await send({ type: "loaded" });
