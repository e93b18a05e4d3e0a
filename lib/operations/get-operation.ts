import { visibleTo } from "#lib/auth/visible-to.ts";
import type { Context } from "#lib/context.ts";
import type { OperationView } from "#lib/deployments/view.ts";
import { notFound } from "#lib/errors.ts";
import { namesOf, operationInclude, toOperationView } from "#lib/operations/operation-view.ts";

/** @throws SluiceError `not_found` */
export async function getOperation(ctx: Context, id: string): Promise<OperationView> {
  const row = await ctx.db.operation.findFirst({
    where: { id, deployment: visibleTo(ctx.actor) },
    include: operationInclude,
  });
  if (!row) throw notFound("operation");
  return toOperationView(row, await namesOf(ctx.db, [row]));
}
