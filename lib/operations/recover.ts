import type { Clock } from "#lib/clock.ts";
import type { Db, Tx } from "#lib/db.ts";
import { finishIn, type Outcome } from "#lib/operations/finish.ts";
import type { OperationKind } from "#lib/operations/status.ts";

/** A running operation whose worker has stopped beating. */
export type Stale = {
  operationId: string;
  deploymentId: string;
  kind: OperationKind;
  fence: number;
  workerId: string | null;
  host: string | null;
  runnerPid: number | null;
  runnerStartedAt: string | null;
};

/**
 * Ends the operations whose lease ran out. One that beats again meanwhile is left alone.
 *
 * @param settle ends what may still run of it, and tells what became of the deployment
 * @param except operations that must not be looked at: the caller's own
 * @returns the ids of what was ended
 */
export async function recover(
  db: Db,
  options: { clock: Clock; except: string[]; settle(stale: Stale): Promise<Outcome> },
): Promise<string[]> {
  const { clock, except, settle } = options;
  const stale = await db.operation.findMany({
    where: { status: "running", leaseUntil: { lt: clock.now() }, id: { notIn: except } },
  });
  // Settling one takes seconds, in which the next may beat again.
  const isStill = (tx: Tx, { id, fence }: { id: string; fence: number }) =>
    tx.operation.count({ where: { id, fence, status: "running", leaseUntil: { lt: clock.now() } } });
  const ended: string[] = [];
  for (const row of stale) {
    const { id: operationId, deploymentId, fence } = row;
    if (!(await isStill(db, row))) continue;
    const outcome = await settle({ ...row, operationId, kind: row.kind as OperationKind });
    const done = await db.$transaction(async (tx) => {
      if (!(await isStill(tx, row))) return false;
      return finishIn(tx, { operationId, deploymentId, fence }, outcome, clock.now());
    });
    if (done) ended.push(operationId);
  }
  return ended;
}
