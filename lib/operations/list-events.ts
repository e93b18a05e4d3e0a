import { visibleTo } from "#lib/auth/visible-to.ts";
import type { Context } from "#lib/context.ts";
import { notFound } from "#lib/errors.ts";
import type { OperationEvent, RecordedEvent } from "#lib/operations/events.ts";

/**
 * The events after number `after`, oldest first.
 *
 * @throws SluiceError `not_found`
 */
export async function listEvents(
  ctx: Context,
  input: { operationId: string; after?: number; limit?: number },
): Promise<RecordedEvent[]> {
  const { operationId, after = 0, limit = 1000 } = input;
  const visible = await ctx.db.operation.count({
    where: { id: operationId, deployment: visibleTo(ctx.actor) },
  });
  if (visible === 0) throw notFound("operation");
  const rows = await ctx.db.operationEvent.findMany({
    where: { operationId, seq: { gt: after } },
    orderBy: { seq: "asc" },
    take: limit,
  });
  return rows.map((row) => ({
    ...(row.data as OperationEvent),
    seq: row.seq,
    at: row.at.toISOString(),
    attempt: row.attempt,
  }));
}
