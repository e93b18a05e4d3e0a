import type { Db, Tx } from "#lib/db.ts";

/**
 * The same database, and whether anything may have been done with it since. Verbs write in transactions alone: one
 * whose work threw was rolled back, whatever it threw; of one whose work came to its end nobody knows, if the
 * connection is lost before Postgres has said so.
 */
export function noteCommits(db: Db): { db: Db; mayHaveCommitted: () => boolean } {
  let may = false;
  const $transaction = (work: (tx: Tx) => Promise<unknown>, options?: Parameters<Db["$transaction"]>[1]) =>
    db.$transaction(async (tx) => {
      const made = await work(tx);
      may = true;
      return made;
    }, options);
  return {
    db: Object.create(db, { $transaction: { value: $transaction } }) as Db,
    mayHaveCommitted: () => may,
  };
}
