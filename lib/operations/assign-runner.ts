import type { Db } from "#lib/db.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/**
 * Writes down which process works on an operation, so that another worker can end it, and what it will declare.
 *
 * @returns false if the operation is no longer this worker's
 */
export async function assignRunner(
  db: Db,
  operation: { operationId: string; fence: number },
  runner: { pid: number; startedAt: string | null; plan: PlannedResource[] },
): Promise<boolean> {
  const { count } = await db.operation.updateMany({
    where: { id: operation.operationId, fence: operation.fence, status: "running" },
    data: {
      runnerPid: runner.pid,
      runnerStartedAt: runner.startedAt,
      plan: runner.plan as object[],
    },
  });
  return count > 0;
}
