import { recordAudit } from "#lib/audit/record.ts";
import { requireAdmin } from "#lib/auth/require-user.ts";
import { publish } from "#lib/changes/publish.ts";
import type { Context } from "#lib/context.ts";
import { SluiceError } from "#lib/errors.ts";
import { lockTarget } from "#lib/targets/find-target.ts";
import { someNames } from "#lib/targets/some-names.ts";
import { Prisma } from "#prisma/generated/client.ts";

/**
 * Forgets a registered target: its credentials are deleted, its name is free. Nothing is done in the cluster itself.
 *
 * @throws SluiceError `conflict` while deployments run there, `not_found`, or `forbidden` for who isn't an admin
 */
export async function removeTarget(ctx: Context, nameOrId: string): Promise<void> {
  requireAdmin(ctx.actor);
  const now = ctx.clock.now();
  await ctx.db.$transaction(async (tx) => {
    const { id, name } = await lockTarget(tx, nameOrId);
    const live = await tx.deployment.findMany({
      where: { targetId: id, status: { not: "destroyed" } },
      select: { name: true },
      orderBy: { createdAt: "asc" },
    });
    if (live.length > 0) throw inUse(live.map((deployment) => deployment.name));
    await tx.target.update({
      where: { id },
      data: { removedAt: now, credentials: null, findings: Prisma.DbNull },
    });
    await tx.job.deleteMany({ where: { subjectId: id, status: "queued" } });
    await recordAudit(tx, ctx.actor, "target.remove", id, { name }, now);
    await publish(tx, { topic: "targets" });
  });
}

function inUse(names: string[]): SluiceError {
  const [are, them] = names.length === 1 ? ["is", "it"] : ["are", "them"];
  return new SluiceError("conflict", `${someNames(names)} ${are} deployed there. Tear ${them} down first.`);
}
