import { rm } from "node:fs/promises";
import { clearStackState, raiseStackFence } from "#infra/postgres/stack-fence.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import type { JobContext, JobHandler } from "#infra/worker/job-loop.ts";
import { engineFolder } from "#infra/worker/prepare-job.ts";

/** Deletes what the engine remembers of a deployment that was given up. */
export function forgetJob(ctx: Pick<WorkerContext, "db" | "home" | "statePortalUrl">): JobHandler {
  return async (_, { subjectId: id }) => {
    const { fence } = await ctx.db.deployment.findUniqueOrThrow({ where: { id, status: "destroyed" } });
    // Its tear-down may have failed before the engine's start, or its engine may live on elsewhere: neither has this fence.
    await raiseStackFence(ctx.statePortalUrl, id, fence);
    const rows = await clearStackState(ctx.statePortalUrl, id, fence);
    await rm(engineFolder(ctx.home, id), { recursive: true, force: true });
    return { rows };
  };
}

/** How long one that failed is let be before it is tried again. */
const pauseMs = 60_000;

/** Lets what failed be done again, until it is done: the deployment counts as gone, so nobody else asks for it. */
export async function retryForgets({ db, clock }: Pick<JobContext, "db" | "clock">): Promise<void> {
  await db.job.updateMany({
    where: {
      kind: "forget",
      status: "failed",
      finishedAt: { lt: new Date(clock.now().getTime() - pauseMs) },
    },
    data: { status: "queued", attempt: 0, message: null, finishedAt: null },
  });
}
