import type { Clock } from "#lib/clock.ts";
import type { Db } from "#lib/db.ts";
import { jobAttempts } from "#lib/jobs/job.ts";

const keepMs = 24 * 60 * 60_000;

/** Ends the jobs whose workers were lost again and again, and forgets those that ended a day ago. */
export async function tidyJobs(db: Db, clock: Clock): Promise<void> {
  const now = clock.now();
  await db.job.updateMany({
    where: { status: "running", leaseUntil: { lt: now }, attempt: { gte: jobAttempts } },
    data: {
      status: "failed",
      message: "The worker was lost each time it did this. Look into its log, then ask again.",
      finishedAt: now,
    },
  });
  await db.job.deleteMany({ where: { finishedAt: { lt: new Date(now.getTime() - keepMs) } } });
}
