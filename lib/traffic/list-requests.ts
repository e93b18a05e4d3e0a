import { visibleTo } from "#lib/auth/visible-to.ts";
import type { Context } from "#lib/context.ts";
import { notFound } from "#lib/errors.ts";
import type { RequestRow } from "#prisma/generated/client.ts";

/** One request as the load balancer logged it. Times are milliseconds; -1 where that part wasn't reached. */
export type RequestView = {
  id: string;
  at: string;
  method: string;
  path: string;
  /** -1 if the client left before an answer */
  status: number;
  variant: string | null;
  replicaId: string | null;
  queueMs: number;
  connectMs: number;
  responseMs: number;
  totalMs: number;
  bytesOut: number;
};

/** The newest requests of a deployment first; another person's deployment has none. */
export async function listRequests(
  ctx: Context,
  input: { deploymentId: string; limit?: number },
): Promise<RequestView[]> {
  const rows = await ctx.db.requestRow.findMany({
    where: { deploymentId: input.deploymentId, deployment: visibleTo(ctx.actor) },
    orderBy: { at: "desc" },
    take: Math.min(input.limit ?? 100, 500),
  });
  return rows.map(toView);
}

/**
 * One request by the id that its answer carried in X-Request-Id. It is written about a second after the answer.
 *
 * @throws SluiceError `not_found`: not written yet, not kept, or another person's
 */
export async function getRequest(
  ctx: Context,
  input: { deploymentId: string; requestId: string },
): Promise<RequestView> {
  const row = await ctx.db.requestRow.findFirst({
    where: { id: input.requestId, deploymentId: input.deploymentId, deployment: visibleTo(ctx.actor) },
  });
  if (!row) throw notFound("request");
  return toView(row);
}

function toView({ deploymentId: _, at, ...row }: RequestRow): RequestView {
  return { ...row, at: at.toISOString() };
}
