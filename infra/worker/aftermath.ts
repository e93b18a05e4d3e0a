import type { EngineState } from "#infra/engine/driver.ts";
import { readStackState } from "#infra/engine/stack-state.ts";
import { stillAnswers } from "#infra/runner/ask-endpoint.ts";
import { resourcesOf } from "#infra/runner/perform.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import { endpointsToTry } from "#infra/worker/endpoints-to-try.ts";
import type { Aftermath } from "#infra/worker/outcome.ts";
import type { Prepared } from "#infra/worker/prepare-job.ts";
import { statusClass, type DeploymentStatus } from "#lib/deployments/status.ts";
import { readSpec } from "#lib/deployments/to-view.ts";
import type { EndpointView } from "#lib/deployments/view.ts";
import type { OperationKind } from "#lib/operations/status.ts";
import { unseal } from "#lib/secrets/seal.ts";
import { resourceWord } from "#lib/targets/resource-words.ts";

/**
 * Looks what an operation that didn't succeed left: where the deployment still answers, and what the engine knows
 * to have made.
 *
 * @param prepared null if it didn't get that far, or another worker prepared it
 */
export async function aftermathOf(
  ctx: WorkerContext,
  operation: { deploymentId: string; kind: OperationKind },
  prepared: Pick<Prepared, "job"> | null,
): Promise<Aftermath> {
  const { deploymentId, kind } = operation;
  const exists = await readStackState(ctx.statePortalUrl, deploymentId).then(whatExists, (error: unknown) => {
    ctx.log.error({ err: error, deployment: deploymentId }, "the engine's state couldn't be read");
    return null;
  });
  return { kind, exists, answersAt: await answersAt(ctx, deploymentId, prepared) };
}

/** A create that was under way when the engine ended is noted in its state until the next run. */
function whatExists(state: EngineState | null): NonNullable<Aftermath["exists"]> {
  const pending = (state?.deployment?.pending_operations ?? []).filter(({ type }) => type === "creating");
  const begun = { version: 0, deployment: { resources: pending.map(({ resource }) => resource) } };
  return { made: titlesOf(state), perhaps: titlesOf(begun) };
}

function titlesOf(state: EngineState | null): string[] {
  return resourcesOf(state)
    .map(({ type, name }) => `${resourceWord(type)} ${name}`)
    .sort();
}

async function answersAt(
  ctx: WorkerContext,
  deploymentId: string,
  prepared: Pick<Prepared, "job"> | null,
): Promise<EndpointView | null> {
  const row = await ctx.db.deployment.findUniqueOrThrow({ where: { id: deploymentId } });
  const before = row.endpoint as EndpointView | null;
  if (!before || statusClass(row.status as DeploymentStatus) !== "serving") return null;
  const newest = await ctx.db.revision.findUniqueOrThrow({ where: { id: row.revisionId ?? "" } });
  const spec = readSpec(newest.spec);
  const healthPath = spec.variants[0]?.healthPath ?? "/";
  const key = prepared?.job.probeKey ?? openProbeKey(ctx, deploymentId, row.probeKey);
  for (const endpoint of endpointsToTry(before, spec)) {
    if (await stillAnswers(endpoint, healthPath, key)) return endpoint;
  }
  return null;
}

/** Without its key a private endpoint says no, which is an answer that can't be told from one that is broken. */
function openProbeKey(ctx: WorkerContext, deploymentId: string, sealed: string | null): string | null {
  try {
    return sealed && unseal(ctx.sealingKey, deploymentId, sealed);
  } catch {
    return null;
  }
}
