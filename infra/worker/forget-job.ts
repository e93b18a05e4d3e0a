import { rm } from "node:fs/promises";
import { clearStackState } from "#infra/postgres/stack-fence.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import type { JobHandler } from "#infra/worker/job-loop.ts";
import { engineFolder } from "#infra/worker/prepare-job.ts";

/** Deletes what the engine remembers of a deployment that was given up. */
export function forgetJob(ctx: Pick<WorkerContext, "db" | "home" | "statePortalUrl">): JobHandler {
  return async (_, { subjectId: id }) => {
    const { fence } = await ctx.db.deployment.findUniqueOrThrow({ where: { id, status: "destroyed" } });
    const rows = await clearStackState(ctx.statePortalUrl, id, fence);
    await rm(engineFolder(ctx.home, id), { recursive: true, force: true });
    return { rows };
  };
}
