import { publish } from "#lib/changes/publish.ts";
import type { Actor } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import type { JobKind } from "#lib/jobs/job.ts";
import type { Prisma } from "#prisma/generated/client.ts";

/**
 * Asks the worker for something. Where one of the same kind waits for the same subject already, that one answers: it
 * hasn't begun, so it will see whatever changed until now.
 *
 * @param job.subjectId what it is about; a random id where two must not share an answer
 * @param job.input what the worker needs to know; never a secret
 * @returns the job's id
 */
export async function requestJob(
  tx: Tx,
  job: { kind: JobKind; subjectId: string; input?: Prisma.InputJsonObject; actor: Actor; now: Date },
): Promise<string> {
  const id = newId("job");
  const requestedById = job.actor.type === "user" ? job.actor.id : null;
  const input = JSON.stringify(job.input ?? {});
  const [made] = await tx.$queryRaw<{ id: string }[]>`
    insert into job (id, kind, subject_id, input, requested_by_id, requested_at)
    values (${id}, ${job.kind}, ${job.subjectId}, ${input}::jsonb, ${requestedById}, ${job.now})
    on conflict (kind, subject_id) where status = 'queued' do nothing
    returning id`;
  if (made) {
    await publish(tx, { topic: "job", jobId: id });
    return id;
  }
  const waiting = await tx.job.findFirst({
    where: { kind: job.kind, subjectId: job.subjectId, status: "queued" },
    select: { id: true },
  });
  // Taken by a worker between the two: then it may have begun too early, and another is asked for.
  return waiting?.id ?? requestJob(tx, job);
}
