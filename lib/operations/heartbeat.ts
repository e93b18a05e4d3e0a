import type { Db } from "#lib/db.ts";
import { leaseEnd } from "#lib/operations/lease.ts";

/**
 * Renews the lease, by the database's clock, and asks whether somebody wants the operation cancelled.
 *
 * @returns null if the operation is no longer this worker's: it must stop what it does
 */
export async function heartbeat(
  db: Db,
  operation: { operationId: string; fence: number },
): Promise<{ cancelRequested: boolean } | null> {
  const { operationId, fence } = operation;
  const rows = await db.$queryRaw<{ cancelRequested: boolean }[]>`
    update operation set lease_until = ${leaseEnd}
    where id = ${operationId} and fence = ${fence} and status = 'running'
    returning cancel_requested_at is not null as "cancelRequested"`;
  return rows[0] ?? null;
}
