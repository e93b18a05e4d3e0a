import type { Clock } from "#lib/clock.ts";
import type { Db } from "#lib/db.ts";
import { leaseFrom } from "#lib/operations/lease.ts";

/**
 * Renews the lease and asks whether somebody wants the operation cancelled.
 *
 * @returns null if the operation is no longer this worker's: it must stop what it does
 */
export async function heartbeat(
  db: Db,
  input: { operationId: string; fence: number; clock: Clock },
): Promise<{ cancelRequested: boolean } | null> {
  const leaseUntil = leaseFrom(input.clock.now());
  const rows = await db.operation.updateManyAndReturn({
    where: { id: input.operationId, fence: input.fence, status: "running" },
    data: { leaseUntil },
    select: { cancelRequestedAt: true },
  });
  const row = rows[0];
  return row ? { cancelRequested: row.cancelRequestedAt !== null } : null;
}
