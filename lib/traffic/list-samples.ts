import { visibleTo } from "#lib/auth/visible-to.ts";
import type { Context } from "#lib/context.ts";

/** One variant's figures over the five seconds that begin at `at`. */
export type SampleView = {
  variant: string;
  at: string;
  /** `null`, as errors and latencies: the load balancer tells of no requests */
  requests: number | null;
  errors: number | null;
  /** of the errors, not the caller's fault */
  serverErrors: number | null;
  latencyP50Ms: number | null;
  latencyP95Ms: number | null;
  /** requests, or connections where no requests are read */
  inFlight: number;
  queued: number;
  replicasReady: number;
};

/** The samples of the last `minutes` (60 unless told, a day at most), oldest first, for charts. */
export async function listSamples(
  ctx: Context,
  input: { deploymentId: string; minutes?: number },
): Promise<SampleView[]> {
  const minutes = Math.min(input.minutes ?? 60, 24 * 60);
  const rows = await ctx.db.metricSample.findMany({
    where: {
      deploymentId: input.deploymentId,
      deployment: visibleTo(ctx.actor),
      at: { gt: new Date(ctx.clock.now().getTime() - minutes * 60_000) },
    },
    orderBy: [{ at: "asc" }, { variant: "asc" }],
  });
  return rows.map(({ deploymentId: _, at, ...row }) => ({ ...row, at: at.toISOString() }));
}
