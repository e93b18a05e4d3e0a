import type { WorkerContext } from "#infra/worker/context.ts";
import { isDatabaseAway } from "#lib/database-away.ts";
import { destroyDeployment } from "#lib/deployments/destroy.ts";

/**
 * Queues the tear-down of each deployment whose time to live has ended, once for each time it was given: one whose
 * tear-down failed or was cancelled waits for a person, who may tear it down or give it more time. One that can't
 * be queued doesn't keep the others.
 *
 * @returns the ids
 */
export async function expire(ctx: Pick<WorkerContext, "db" | "clock" | "log">): Promise<string[]> {
  const over = await ctx.db.$queryRaw<{ id: string }[]>`
    select id from deployment
    where expires_at <= ${ctx.clock.now()} and status <> 'destroyed' and not exists (
      select from operation
      where deployment_id = deployment.id and kind = 'destroy' and actor_type = 'system'
        and queued_at >= expires_at
    )`;
  const actor = { type: "system", reason: "its time to live ended" } as const;
  for (const { id } of over) {
    await destroyDeployment({ db: ctx.db, clock: ctx.clock, actor }, id).catch((error: unknown) => {
      if (isDatabaseAway(error)) throw error;
      ctx.log.warn({ deployment: id, err: error }, "a deployment whose time ended wasn't torn down");
    });
  }
  return over.map(({ id }) => id);
}
