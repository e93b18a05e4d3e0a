import { visibleTo } from "#lib/auth/visible-to.ts";
import type { Context } from "#lib/context.ts";

/** `reason` is a sentence such as "2 → 3: 5.8 requests in flight per replica, target 4, on average over 3 s." */
export type ScaleStepView = {
  id: string;
  variant: string;
  at: string;
  from: number;
  to: number;
  reason: string;
};

/** The newest steps of the autoscaler first. */
export async function listScaleSteps(
  ctx: Context,
  input: { deploymentId: string; limit?: number },
): Promise<ScaleStepView[]> {
  const rows = await ctx.db.scaleStep.findMany({
    where: { deploymentId: input.deploymentId, deployment: visibleTo(ctx.actor) },
    orderBy: { id: "desc" },
    take: Math.min(input.limit ?? 50, 500),
  });
  return rows.map(({ deploymentId: _, id, at, ...row }) => ({
    ...row,
    id: String(id),
    at: at.toISOString(),
  }));
}
