import type { WorkerContext } from "#infra/worker/context.ts";
import { destroyDeployment } from "#lib/deployments/destroy.ts";
import { SluiceError } from "#lib/errors.ts";

/**
 * Queues the tear-down of each deployment whose time to live has ended, once: one whose tear-down failed waits
 * for a person.
 *
 * @returns the ids
 */
export async function expire(ctx: Pick<WorkerContext, "db" | "clock" | "log">): Promise<string[]> {
  const over = await ctx.db.deployment.findMany({
    where: {
      expiresAt: { lte: ctx.clock.now() },
      status: { not: "destroyed" },
      operations: { none: { kind: "destroy", actorType: "system" } },
    },
    select: { id: true },
  });
  const actor = { type: "system", reason: "its time to live ended" } as const;
  for (const { id } of over) {
    await destroyDeployment({ db: ctx.db, clock: ctx.clock, actor }, id).catch((error: unknown) => {
      if (!(error instanceof SluiceError)) throw error;
      ctx.log.warn({ deployment: id, err: error }, "a deployment whose time ended wasn't torn down");
    });
  }
  return over.map(({ id }) => id);
}
