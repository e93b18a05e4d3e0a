import { visibleTo } from "#lib/auth/visible-to.ts";
import type { Context } from "#lib/context.ts";
import { readSpec, toSpecView } from "#lib/deployments/to-view.ts";
import type { SpecView } from "#lib/deployments/view.ts";

/**
 * What callers are served by: the spec of the newest deployment or change that succeeded, whatever was asked for since.
 * A change that failed or is under way may be there in part.
 *
 * @returns null: none has succeeded yet, or it is another person's
 */
export async function liveSpec(ctx: Context, deploymentId: string): Promise<SpecView | null> {
  const newest = await ctx.db.operation.findFirst({
    where: {
      deploymentId,
      deployment: visibleTo(ctx.actor),
      kind: { in: ["deploy", "update"] },
      status: "succeeded",
    },
    orderBy: [{ queuedAt: "desc" }, { id: "desc" }],
    select: { revision: { select: { spec: true } } },
  });
  return newest && toSpecView(readSpec(newest.revision.spec));
}
