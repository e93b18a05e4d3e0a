import type { Tx } from "#lib/db.ts";

export const changeChannel = "sluice_change";

/** A hint that rows changed; the rows are the truth. Sent when the transaction commits. */
export type Change =
  | {
      topic: "operation";
      deploymentId: string;
      operationId: string;
      seq: number;
      /** said by the worker that works on it: to workers it is no news */
      byWorker?: true;
    }
  | { topic: "deployment"; deploymentId: string }
  | { topic: "tools" }
  | { topic: "targets" }
  /** a job was asked for, or ended */
  | { topic: "job"; jobId: string }
  /** keys to endpoints were made or revoked */
  | { topic: "keys"; deploymentId: string | null };

/** Batch it: a notification per row cuts the rate of writers to an eighth. */
export async function publish(tx: Tx, change: Change): Promise<void> {
  await tx.$executeRaw`select pg_notify(${changeChannel}, ${JSON.stringify(change)})`;
}
