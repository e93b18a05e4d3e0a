import type { Clock } from "#lib/clock.ts";
import type { Db } from "#lib/db.ts";
import { jobAttempts, type JobKind } from "#lib/jobs/job.ts";
import { publishEnd } from "#lib/jobs/publish-end.ts";

const keepMs = 24 * 60 * 60_000;

/**
 * Ends the jobs whose workers were lost again and again, and forgets those that ended a day ago; but none that has to
 * be done whenever that works.
 */
export async function tidyJobs(db: Db, clock: Clock): Promise<void> {
  const now = clock.now();
  const message = "The worker was lost each time it did this. Look into its log, then ask again.";
  await db.$transaction(async (tx) => {
    const ended = await tx.job.updateManyAndReturn({
      where: { status: "running", leaseUntil: { lt: now }, attempt: { gte: jobAttempts } },
      data: { status: "failed", message, finishedAt: now },
      select: { id: true, kind: true, subjectId: true },
    });
    for (const { kind, ...job } of ended) await publishEnd(tx, { ...job, kind: kind as JobKind });
  });
  await db.job.deleteMany({
    where: {
      finishedAt: { lt: new Date(now.getTime() - keepMs) },
      NOT: { kind: "forget", status: "failed" },
    },
  });
}
