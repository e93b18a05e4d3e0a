import type { Context } from "#lib/context.ts";
import { notFound } from "#lib/errors.ts";
import type { JobKind, JobStatus } from "#lib/jobs/job.ts";

export type JobView = {
  id: string;
  kind: JobKind;
  status: JobStatus;
  requestedAt: string;
  finishedAt: string | null;
  /** once it is done: what was found, each kind in its own way */
  result: unknown;
  /** once it failed: why, and what to do */
  message: string | null;
};

/**
 * How a job goes, for who asked for it, and for admins.
 *
 * @throws SluiceError `not_found`
 */
export async function readJob({ db, actor }: Context, id: string): Promise<JobView> {
  const isAdmin = actor.type === "user" && actor.role === "admin";
  const mine = actor.type === "user" ? actor.id : "";
  const row = await db.job.findFirst({ where: { id, ...(isAdmin ? {} : { requestedById: mine }) } });
  if (!row) throw notFound("job");
  return {
    id,
    kind: row.kind as JobKind,
    status: row.status as JobStatus,
    requestedAt: row.requestedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    result: row.result,
    message: row.message,
  };
}
