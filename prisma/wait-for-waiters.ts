import { setTimeout } from "node:timers/promises";
import type { Tx } from "#lib/db.ts";

const patienceMs = 10_000;

/**
 * For tests of what happens at the same time: waits until so many sessions of this database wait for a lock.
 *
 * @throws Error after 10 seconds
 */
export async function waitForWaiters(db: Tx, count = 1): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  while ((await waiting(db)) < count) {
    if (performance.now() > giveUpAt) throw new Error(`Nothing waits for a lock: ${count} should.`);
    await setTimeout(10);
  }
}

async function waiting(db: Tx): Promise<number> {
  const [found] = await db.$queryRaw<{ waiting: bigint }[]>`
    select count(*) as waiting from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  return Number(found?.waiting ?? 0);
}
