import { requireUser } from "#lib/auth/require-user.ts";
import type { Context } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import { draftDeployment, type Preview } from "#lib/deployments/preview.ts";
import type { PreviewJobInput } from "#lib/deployments/preview-job.ts";
import { SluiceError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { readJob, type JobView } from "#lib/jobs/read-job.ts";
import { requestJob } from "#lib/jobs/request-job.ts";

/** Each costs an engine's run: who has these waiting gets no more. */
const mostAtOnce = 5;

/** What would happen: at once where the portal itself knows; on a cluster the engine is asked, and says it in a job. */
export type RequestedPreview = { preview: Preview; job: JobView | null };

/**
 * @param input as for `previewDeployment`
 * @throws SluiceError as `previewDeployment` does, or `too_many`
 */
export async function requestPreview(
  ctx: Context & { endpointHost?: string },
  input: unknown,
): Promise<RequestedPreview> {
  const { preview, drafted } = await draftDeployment(ctx, input);
  const { deploymentId, isNew, place, spec } = drafted;
  if (place.targetId === null) return { preview, job: null };
  const { id: requestedById } = requireUser(ctx.actor);
  const job: PreviewJobInput = { deploymentId, isNew, targetId: place.targetId, spec };
  const jobId = await ctx.db.$transaction(async (tx) => {
    await refuseTooMany(tx, requestedById);
    return requestJob(tx, {
      kind: "preview",
      // Two drafts never share an answer.
      subjectId: newId("dep"),
      input: job,
      actor: ctx.actor,
      now: ctx.clock.now(),
    });
  });
  return { preview, job: await readJob(ctx, jobId) };
}

/** One person's requests wait for each other here, so that two at once can't both be the last that may. */
async function refuseTooMany(tx: Tx, requestedById: string): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('sluice previews'), hashtext(${requestedById}))`;
  const open = await tx.job.count({
    where: { kind: "preview", requestedById, status: { in: ["queued", "running"] } },
  });
  if (open < mostAtOnce) return;
  throw new SluiceError("too_many", `You have ${open} previews under way. Wait for one of them.`);
}
