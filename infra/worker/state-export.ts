import type { EngineState } from "#infra/engine/driver.ts";
import { resourcesOf } from "#infra/runner/perform.ts";
import type { Db } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { seal, unseal, type SealingKey } from "#lib/secrets/seal.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/** Exports kept per deployment. */
const kept = 20;

/** Keeps the engine's state after an operation, sealed, and drops the oldest ones. */
export async function keepExport(
  db: Db,
  key: SealingKey,
  operation: { operationId: string; deploymentId: string },
  state: EngineState,
  now: Date,
): Promise<void> {
  const { operationId, deploymentId } = operation;
  const sealed = seal(key, deploymentId, JSON.stringify(state));
  await db.stackExport.create({ data: { id: newId("exp"), operationId, takenAt: now, sealed } });
  const old = await db.stackExport.findMany({
    where: { operation: { deploymentId } },
    orderBy: { takenAt: "desc" },
    skip: kept,
    select: { id: true },
  });
  await db.stackExport.deleteMany({ where: { id: { in: old.map(({ id }) => id) } } });
}

/** What an operation left, from the export kept of it; null if none was kept. */
export async function exportedResources(
  db: Db,
  key: SealingKey,
  operation: { operationId: string; deploymentId: string },
): Promise<PlannedResource[] | null> {
  const row = await db.stackExport.findFirst({
    where: { operationId: operation.operationId },
    orderBy: { takenAt: "desc" },
  });
  if (!row) return null;
  return resourcesOf(JSON.parse(unseal(key, operation.deploymentId, row.sealed)) as EngineState);
}
