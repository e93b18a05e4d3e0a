import type { Clock } from "#lib/clock.ts";
import { isDatabaseAway } from "#lib/database-away.ts";
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
 * @param onFailed hears of one that couldn't be ended: it keeps no other one waiting
 * @returns the ids of what was ended
 * @throws what the database throws while it is away
 */
export async function recover(
  db: Db,
  options: {
    clock: Clock;
    except: string[];
    settle(stale: Stale): Promise<Outcome>;
    onFailed(stale: Stale, error: unknown): void;
  },
): Promise<string[]> {
  const { clock, except, settle, onFailed } = options;
  const stale = await db.operation.findMany({
    where: { status: "running", leaseUntil: { lt: clock.now() }, id: { notIn: except } },
  });
  // Settling one takes seconds, in which the next may beat again.
  const isStill = (tx: Tx, { id, fence }: { id: string; fence: number }) =>
    tx.operation.count({ where: { id, fence, status: "running", leaseUntil: { lt: clock.now() } } });
  const ended: string[] = [];
  const end = async (row: (typeof stale)[number], of: Stale) => {
    if (!(await isStill(db, row))) return;
    const outcome = await settle(of);
    const done = await db.$transaction(async (tx) => {
      if (!(await isStill(tx, row))) return false;
      return finishIn(tx, of, outcome, clock.now());
    });
    if (done) ended.push(row.id);
  };
  for (const row of stale) {
    const of = { ...row, operationId: row.id, kind: row.kind as OperationKind };
    try {
      await end(row, of);
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      onFailed(of, error);
    }
  }
  return ended;
}
