import path from "node:path";
import { newStackSecrets, type StackSecrets } from "#infra/engine/stack-secrets.ts";
import { EngineError } from "#infra/engine/driver.ts";
import type { Job } from "#infra/runner/messages.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import type { Engine } from "#infra/worker/loop.ts";
import { placeJob } from "#infra/worker/place-job.ts";
import { exportedResources } from "#infra/worker/state-export.ts";
import { targetTexts } from "#infra/worker/target-texts.ts";
import { whatStands } from "#infra/worker/what-stands.ts";
import { readSpec } from "#lib/deployments/to-view.ts";
import type { EndpointView, Receipt } from "#lib/deployments/view.ts";
import type { Begun } from "#lib/operations/begin.ts";
import { seal, unseal, UnsealError } from "#lib/secrets/seal.ts";
import { readDrift } from "#lib/targets/drift.ts";

export type Prepared = {
  job: Job;
  endpoint: EndpointView | null;
  /** before a tear-down, what of it is at work */
  stood: NonNullable<Receipt["ended"]>;
  /** texts that must not get into an event */
  secretTexts: string[];
};

/** How long the engine may take to stop when its operation is cancelled, before it is ended by force. */
const patienceMs = 20_000;

export function engineFolder(home: string, deploymentId: string): string {
  return path.join(home, "engine", deploymentId);
}

/**
 * Gathers all that a runner needs, secrets opened.
 *
 * @throws EngineError `secret_unreadable` or `target_refused`
 */
export async function prepareJob(ctx: WorkerContext, begun: Begun, engine: Engine): Promise<Prepared> {
  const { db, sealingKey } = ctx;
  const { deploymentId, operationId, kind, fence } = begun;
  const deployment = await db.deployment.findUniqueOrThrow({ where: { id: deploymentId } });
  const revision = await db.revision.findUniqueOrThrow({ where: { id: begun.revisionId } });
  const last = await db.operation.findFirst({
    where: { deploymentId, startedAt: { not: null }, id: { not: operationId } },
    // Not by when it began: each worker has its own clock.
    orderBy: { fence: "desc" },
  });
  const spec = readSpec(revision.spec);
  try {
    const before = last
      ? await exportedResources(db, sealingKey, { operationId: last.id, deploymentId })
      : [];
    const secrets = await stackSecrets(ctx, begun, deployment.stackSecrets);
    const probeKey = deployment.probeKey && unseal(sealingKey, deploymentId, deployment.probeKey);
    const { target, plan } = await placeJob(ctx, deployment, spec, kind === "destroy");
    const job: Job = {
      operationId,
      deploymentId,
      kind,
      fence,
      spec,
      plan,
      before,
      drifted: readDrift(deployment.drift)?.items ?? [],
      isNew: last === null,
      mayBeDirty: last !== null && last.status !== "succeeded",
      engine,
      folder: engineFolder(ctx.home, deploymentId),
      stateUrl: ctx.stateUrl,
      secrets,
      target,
      probeKey,
      patienceMs,
    };
    return {
      job,
      endpoint: deployment.endpoint as EndpointView | null,
      stood: kind === "destroy" ? await whatStands(db, deployment) : [],
      secretTexts: [
        ...(await envSecrets(ctx, deploymentId)),
        ...targetTexts(target),
        secrets.passphrase,
        probeKey ?? "",
      ],
    };
  } catch (error) {
    if (error instanceof UnsealError) throw new EngineError("secret_unreadable", error.message, [], error);
    throw error;
  }
}

/** The stack's own secrets: made at its first operation, and stored before the engine is started. */
async function stackSecrets(ctx: WorkerContext, begun: Begun, sealed: string | null): Promise<StackSecrets> {
  const { deploymentId, fence } = begun;
  if (sealed) return JSON.parse(unseal(ctx.sealingKey, deploymentId, sealed)) as StackSecrets;
  const secrets = await ctx.newStackSecrets();
  await ctx.db.deployment.updateMany({
    where: { id: deploymentId, fence },
    data: { stackSecrets: seal(ctx.sealingKey, deploymentId, JSON.stringify(secrets)) },
  });
  return secrets;
}

/** Only to mask them, should a replica's log lines carry one: one that can't be opened is no reason to stop. */
async function envSecrets(ctx: WorkerContext, deploymentId: string): Promise<string[]> {
  const rows = await ctx.db.secret.findMany({ where: { deploymentId } });
  return rows.flatMap((row) => {
    try {
      return [unseal(ctx.sealingKey, deploymentId, row.sealed)];
    } catch {
      return [];
    }
  });
}

/** Keeps one pair of secrets made ahead: making them takes 0.2 s of a core. */
export function stackSecretsAhead(): () => Promise<StackSecrets> {
  let next = newStackSecrets();
  return () => {
    const taken = next;
    next = taken.then(newStackSecrets);
    return taken;
  };
}
