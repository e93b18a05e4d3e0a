import { visibleTo } from "#lib/auth/visible-to.ts";
import type { Context } from "#lib/context.ts";
import type { OperationView } from "#lib/deployments/view.ts";
import { namesOf, operationInclude, toOperationView } from "#lib/operations/operation-view.ts";

/** A deployment's operations, newest first; none if the deployment isn't this actor's. */
export async function listOperations(
  ctx: Context,
  deploymentId: string,
  limit = 100,
): Promise<OperationView[]> {
  const rows = await ctx.db.operation.findMany({
    where: { deploymentId, deployment: visibleTo(ctx.actor) },
    include: operationInclude,
    orderBy: { queuedAt: "desc" },
    take: limit,
  });
  const names = await namesOf(ctx.db, rows);
  return rows.map((row) => toOperationView(row, names));
}
