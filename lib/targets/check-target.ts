import { recordAudit } from "#lib/audit/record.ts";
import { requireAdmin } from "#lib/auth/require-user.ts";
import { publish } from "#lib/changes/publish.ts";
import type { Context } from "#lib/context.ts";
import { requestJob } from "#lib/jobs/request-job.ts";
import { findRegistered } from "#lib/targets/find-target.ts";
import { getTarget } from "#lib/targets/get-target.ts";
import type { TargetView } from "#lib/targets/target-view.ts";

/**
 * Asks the worker to look at a registered target now; the view says `checking` until it has.
 *
 * @throws SluiceError `not_found`, or `forbidden` for who isn't an admin
 */
export async function checkTarget(ctx: Context, nameOrId: string): Promise<TargetView> {
  requireAdmin(ctx.actor);
  const now = ctx.clock.now();
  await ctx.db.$transaction(async (tx) => {
    const { id } = await findRegistered(tx, nameOrId);
    await requestJob(tx, { kind: "target.check", subjectId: id, actor: ctx.actor, now });
    await recordAudit(tx, ctx.actor, "target.check", id, {}, now);
    await publish(tx, { topic: "targets" });
  });
  return getTarget(ctx, nameOrId);
}
