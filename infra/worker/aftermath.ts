import { stillAnswers } from "#infra/runner/ask-endpoint.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import type { Aftermath } from "#infra/worker/outcome.ts";
import type { Prepared } from "#infra/worker/prepare-job.ts";
import { linesOf } from "#infra/worker/receipt.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { statusClass, type DeploymentStatus } from "#lib/deployments/status.ts";
import type { EndpointView } from "#lib/deployments/view.ts";
import type { OperationEvent } from "#lib/operations/events.ts";
import type { OperationKind } from "#lib/operations/status.ts";
import { unseal } from "#lib/secrets/seal.ts";

/**
 * Looks what an operation that didn't succeed left: whether the endpoint still answers, and what was made and
 * not deleted.
 *
 * @param prepared null if it didn't get that far, or another worker prepared it
 */
export async function aftermathOf(
  ctx: WorkerContext,
  operation: { deploymentId: string; kind: OperationKind },
  prepared: Prepared | null,
): Promise<Aftermath> {
  const { deploymentId, kind } = operation;
  const rows = await ctx.db.operationEvent.findMany({
    where: { operation: { deploymentId }, kind: { in: ["resource_started", "resource_ended"] } },
    orderBy: [{ at: "asc" }, { seq: "asc" }],
    select: { at: true, data: true },
  });
  const events = rows.map((row) => ({ at: row.at.toISOString(), event: row.data as OperationEvent }));
  const { created, deleted } = linesOf(events, null);
  const gone = new Set(deleted.map(({ type, name }) => `${type} ${name}`));
  const exists = created
    .filter(({ type, name }) => !gone.has(`${type} ${name}`))
    .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`)
    .sort();
  return { kind, exists, stillServes: await stillServes(ctx, deploymentId, prepared) };
}

async function stillServes(
  ctx: WorkerContext,
  deploymentId: string,
  prepared: Prepared | null,
): Promise<boolean> {
  const row = await ctx.db.deployment.findUniqueOrThrow({ where: { id: deploymentId } });
  const endpoint = row.endpoint as EndpointView | null;
  if (!endpoint || statusClass(row.status as DeploymentStatus) !== "serving") return false;
  const revision = await ctx.db.revision.findUnique({ where: { id: row.revisionId ?? "" } });
  const healthPath = (revision?.spec as Spec | undefined)?.variants[0]?.healthPath ?? "/";
  return stillAnswers(
    endpoint,
    healthPath,
    prepared?.job.probeKey ?? openProbeKey(ctx, deploymentId, row.probeKey),
  );
}

/** Without its key a private endpoint says no, which is an answer that can't be told from one that is broken. */
function openProbeKey(ctx: WorkerContext, deploymentId: string, sealed: string | null): string | null {
  try {
    return sealed && unseal(ctx.sealingKey, deploymentId, sealed);
  } catch {
    return null;
  }
}
