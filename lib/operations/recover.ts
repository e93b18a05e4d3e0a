import type { Clock } from "#lib/clock.ts";
import { isDatabaseAway } from "#lib/database-away.ts";
import type { Db, Tx } from "#lib/db.ts";
import { finishIn, type Outcome } from "#lib/operations/finish.ts";
import { isLeaseOver } from "#lib/operations/lease.ts";
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
  const ended: string[] = [];
  const end = async (of: Stale) => {
    if (!(await isStill(db, of))) return;
    const outcome = await settle(of);
    const done = await db.$transaction(async (tx) => {
      if (!(await isStill(tx, of))) return false;
      return finishIn(tx, of, outcome, clock.now());
    });
    if (done) ended.push(of.operationId);
  };
  for (const of of await findStale(db, except)) {
    try {
      await end(of);
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      onFailed(of, error);
    }
  }
  return ended;
}

function findStale(db: Db, except: string[]): Promise<Stale[]> {
  return db.$queryRaw<Stale[]>`
    select id as "operationId", deployment_id as "deploymentId", kind, fence, worker_id as "workerId", host,
      runner_pid as "runnerPid", runner_started_at as "runnerStartedAt"
    from operation where ${isLeaseOver} and id <> all(${except}::text[])`;
}

/** Settling one takes seconds, in which the next may beat again. */
async function isStill(tx: Tx, { operationId, fence }: Stale): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    select 1 from operation where id = ${operationId} and fence = ${fence} and ${isLeaseOver}`;
  return rows.length > 0;
}
