import { JobFailure, type JobContext, type JobHandler } from "#infra/worker/job-loop.ts";
import { look, type LookContext } from "#infra/worker/look.ts";
import type { Engine } from "#infra/worker/loop.ts";
import { recordDrift, type Seen } from "#lib/deployments/record-drift.ts";
import type { TargetName } from "#lib/deployments/spec.ts";
import { readSpec } from "#lib/deployments/to-view.ts";
import { requestJob } from "#lib/jobs/request-job.ts";
import { newestOperation } from "#lib/operations/newest.ts";
import { readDrift } from "#lib/targets/drift.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";
import type { Deployment, Operation } from "#prisma/generated/client.ts";

/** How old what was seen may get before a deployment is looked at again. */
const everyMs = 10 * 60_000;
/** Asked for by Sluice itself at a time: each is an engine's run, and people's looks come first. */
const mostAtOnce = 1;

/** Looks what of a deployment isn't as it was declared, and writes it down. */
export function driftJob(ctx: LookContext, engine: (kind: TargetName) => Engine | null): JobHandler {
  return async (_, { id: jobId, subjectId }, signal) => {
    const row = await ctx.db.deployment.findUnique({ where: { id: subjectId, ...settled } });
    const newest = await newestOperation(ctx.db, subjectId);
    if (!row || newest?.status !== "succeeded") return { found: "it is being changed" };
    const at = ctx.clock.now();
    const seen = await see(ctx, engine(row.target as TargetName), { jobId, row, newest }, signal);
    const written = await recordDrift(ctx.db, { deploymentId: row.id, fence: row.fence, seen, at });
    if ("trouble" in seen) throw new JobFailure(seen.trouble);
    return { found: seen.items.length, written };
  };
}

async function see(
  ctx: LookContext,
  engine: Engine | null,
  { jobId, row, newest }: { jobId: string; row: Deployment; newest: Operation },
  signal: AbortSignal,
): Promise<Seen> {
  const revision = await ctx.db.revision.findUniqueOrThrow({ where: { id: newest.revisionId } });
  // What is at Google depends on more than the spec: an earlier domain's certificate that went, say.
  const plan = row.target === "gke" ? ((newest.plan as PlannedResource[] | null) ?? undefined) : undefined;
  const at = { jobId, kind: "drift", deployment: row, spec: readSpec(revision.spec), plan } as const;
  try {
    const looked = await look(ctx, engine, at, signal);
    if (looked.kind !== "drift") throw new Error("A look for drift was asked for.");
    return { items: looked.items };
  } catch (error) {
    // One that was broken off saw nothing, and nothing is wrong with the deployment.
    if (!(error instanceof JobFailure) || signal.aborted) throw error;
    return { trouble: error.message };
  }
}

const settled = {
  targetId: { not: null },
  status: { in: ["ready", "degraded"] },
  operations: { none: { status: { in: ["queued", "running"] } } },
};

/**
 * Asks for a look at what nobody has looked at for a while, the oldest first.
 *
 * @param kinds of targets that can be looked at now
 */
export async function requestDueDrifts(
  ctx: Pick<JobContext, "db" | "clock">,
  kinds: TargetName[] = ["kubernetes", "gke"],
): Promise<void> {
  const now = ctx.clock.now();
  const open = await ctx.db.job.count({
    where: { kind: "drift", requestedById: null, status: { in: ["queued", "running"] } },
  });
  if (open >= mostAtOnce) return;
  const rows = await ctx.db.deployment.findMany({
    where: { ...settled, target: { in: kinds } },
    select: { id: true, drift: true },
  });
  const asked = await lastAsked(ctx.db);
  const [due] = rows
    .map(({ id, drift }) => ({ id, triedAt: Math.max(lastLook(drift), asked.get(id) ?? 0) }))
    .filter(({ triedAt }) => triedAt <= now.getTime() - everyMs)
    .sort((a, b) => a.triedAt - b.triedAt);
  if (!due) return;
  const actor = { type: "system", reason: "it looks again and again" } as const;
  await requestJob(ctx.db, { kind: "drift", subjectId: due.id, actor, now });
}

/** A look that saw nothing and left no word, such as one that took too long, has had its turn too. */
async function lastAsked(db: JobContext["db"]): Promise<Map<string, number>> {
  const rows = await db.job.groupBy({
    by: ["subjectId"],
    where: { kind: "drift" },
    _max: { requestedAt: true },
  });
  return new Map(rows.map(({ subjectId, _max }) => [subjectId, _max.requestedAt?.getTime() ?? 0]));
}

function lastLook(stored: unknown): number {
  const found = readDrift(stored);
  return Math.max(0, ...[found?.checkedAt, found?.trouble?.at].map((at) => (at ? Date.parse(at) : 0)));
}
