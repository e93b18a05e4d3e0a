import { checkCluster } from "#infra/clusters/check-cluster.ts";
import { explainTrouble } from "#infra/clusters/explain-trouble.ts";
import { checkRegisteredProject } from "#infra/worker/check-registered-project.ts";
import type { JobContext, JobHandler } from "#infra/worker/job-loop.ts";
import { requestJob } from "#lib/jobs/request-job.ts";
import { unseal, UnsealError } from "#lib/secrets/seal.ts";
import { nothingFound } from "#lib/targets/kubernetes/findings.ts";
import { recordFindings } from "#lib/targets/record-findings.ts";
import type { Target } from "#prisma/generated/client.ts";

/** How old what was found may get before it is looked at again. Google counts how often it is asked. */
const everyMs = { kubernetes: 3 * 60_000, gke: 10 * 60_000 };

/** Looks at one registered target and writes down what it found. */
export const checkTargetJob: JobHandler = async (ctx, { subjectId }, signal) => {
  const row = await ctx.db.target.findFirst({ where: { id: subjectId, removedAt: null } });
  if (!row) return { found: "it was removed" };
  const at = ctx.clock.now();
  const { findings, clusterUid } =
    row.kind === "gke"
      ? { findings: await checkRegisteredProject(ctx, row, signal), clusterUid: null }
      : await lookAtCluster(ctx, row, at, signal);
  // A look that was broken off found nothing.
  signal.throwIfAborted();
  const { id: targetId, credentials } = row;
  const written = await recordFindings(ctx.db, { targetId, credentials, clusterUid, findings, at });
  ctx.log.info({ target: row.id, trouble: findings.trouble?.code ?? null, written }, "target checked");
  return { found: findings.trouble?.code ?? "it answers" };
};

async function lookAtCluster(ctx: JobContext, row: Target, now: Date, signal: AbortSignal) {
  try {
    const kubeconfig = unseal(ctx.sealingKey, row.id, row.credentials ?? "");
    return await checkCluster(kubeconfig, { now, knownUid: row.clusterUid, signal });
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error;
    return { findings: nothingFound(explainTrouble(error)), clusterUid: null };
  }
}

/** Asks for a check of each registered target that nobody has looked at for a while. */
export async function requestDueChecks(ctx: Pick<JobContext, "db" | "clock">): Promise<void> {
  await requestOfKind(ctx, "kubernetes");
  await requestOfKind(ctx, "gke");
}

async function requestOfKind(
  ctx: Pick<JobContext, "db" | "clock">,
  kind: keyof typeof everyMs,
): Promise<void> {
  const now = ctx.clock.now();
  const actor = { type: "system", reason: "it looks again and again" } as const;
  const before = new Date(now.getTime() - everyMs[kind]);
  const due = await ctx.db.target.findMany({
    where: { kind, removedAt: null, OR: [{ checkedAt: null }, { checkedAt: { lt: before } }] },
    select: { id: true },
  });
  if (due.length === 0) return;
  const asked = await ctx.db.job.findMany({
    where: {
      kind: "target.check",
      subjectId: { in: due.map(({ id }) => id) },
      // One that failed is given the same time before it is tried again.
      OR: [{ status: { in: ["queued", "running"] } }, { finishedAt: { gt: before } }],
    },
    select: { subjectId: true },
  });
  const already = new Set(asked.map(({ subjectId }) => subjectId));
  for (const { id } of due) {
    if (!already.has(id)) await requestJob(ctx.db, { kind: "target.check", subjectId: id, actor, now });
  }
}
