import type { Clock } from "#lib/clock.ts";
import type { Db } from "#lib/db.ts";
import { jobAttempts, jobLeaseMs, type ClaimedJob, type JobKind } from "#lib/jobs/job.ts";

/**
 * Takes the oldest job that waits, or one whose worker was lost. While one of its kind is on its subject, another
 * waits: of two that look at the same thing at once, the older could be the last to say what it saw.
 *
 * @returns null if there is none to take
 */
export async function claimJob(
  db: Db,
  worker: { kinds: readonly JobKind[]; clock: Clock },
): Promise<ClaimedJob | null> {
  const now = worker.clock.now();
  const leaseUntil = new Date(now.getTime() + jobLeaseMs);
  const [job] = await db.$queryRaw<ClaimedJob[]>`
    update job set status = 'running', attempt = attempt + 1, started_at = ${now}, lease_until = ${leaseUntil}
    where id = (
      select id from job
      where kind = any(${[...worker.kinds]})
        and (status = 'queued' or (status = 'running' and lease_until < ${now} and attempt < ${jobAttempts}))
        and not exists (
          select from job other
          where other.kind = job.kind and other.subject_id = job.subject_id
            and other.status = 'running' and other.id <> job.id
        )
      order by requested_at limit 1 for update skip locked
    )
    returning id, kind, subject_id as "subjectId", input, attempt`;
  return job ?? null;
}
