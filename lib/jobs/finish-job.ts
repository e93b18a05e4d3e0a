import type { Clock } from "#lib/clock.ts";
import type { Db } from "#lib/db.ts";
import type { ClaimedJob } from "#lib/jobs/job.ts";
import { publishEnd } from "#lib/jobs/publish-end.ts";
import type { Prisma } from "#prisma/generated/client.ts";

/** How a job went: what it found, or why it failed and what to do. */
export type JobOutcome = { ok: true; result: Prisma.InputJsonObject } | { ok: false; message: string };

/**
 * Ends a job that this worker took.
 *
 * @returns false where the worker was late and another one has it: then nothing is written
 */
export async function finishJob(
  db: Db,
  job: Pick<ClaimedJob, "id" | "kind" | "subjectId" | "attempt">,
  outcome: JobOutcome,
  clock: Clock,
): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const { count } = await tx.job.updateMany({
      where: { id: job.id, attempt: job.attempt, status: "running" },
      data: {
        status: outcome.ok ? "done" : "failed",
        ...(outcome.ok ? { result: outcome.result } : { message: outcome.message }),
        leaseUntil: null,
        finishedAt: clock.now(),
      },
    });
    if (count > 0) await publishEnd(tx, job);
    return count > 0;
  });
}
