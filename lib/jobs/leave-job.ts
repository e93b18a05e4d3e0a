import type { Clock } from "#lib/clock.ts";
import type { Db } from "#lib/db.ts";
import type { ClaimedJob } from "#lib/jobs/job.ts";

/** Gives a job back that a worker, because it stops, didn't do: the next worker takes it at once. */
export async function leaveJob(db: Db, job: Pick<ClaimedJob, "id" | "attempt">, clock: Clock): Promise<void> {
  await db.job.updateMany({
    where: { id: job.id, attempt: job.attempt, status: "running" },
    data: { leaseUntil: new Date(clock.now().getTime() - 1), attempt: job.attempt - 1 },
  });
}
