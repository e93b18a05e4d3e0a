import { checkCluster } from "#infra/clusters/check-cluster.ts";
import { explainTrouble } from "#infra/clusters/explain-trouble.ts";
import type { JobContext, JobHandler } from "#infra/worker/job-loop.ts";
import { requestJob } from "#lib/jobs/request-job.ts";
import { unseal, UnsealError } from "#lib/secrets/seal.ts";
import { nothingFound } from "#lib/targets/kubernetes/findings.ts";
import { recordFindings } from "#lib/targets/record-findings.ts";

/** How old what was found may get before a cluster is looked at again. */
const everyMs = 3 * 60_000;

/** Looks at one registered cluster and writes down what it found. */
export const checkTargetJob: JobHandler = async (ctx, { subjectId }, signal) => {
  const row = await ctx.db.target.findFirst({ where: { id: subjectId, removedAt: null } });
  if (!row?.kubeconfig) return { found: "it was removed" };
  const at = ctx.clock.now();
  const { findings, clusterUid } = await look(ctx, { ...row, kubeconfig: row.kubeconfig }, at, signal);
  // A look that was broken off found nothing.
  signal.throwIfAborted();
  const { kubeconfig } = row;
  const written = await recordFindings(ctx.db, { targetId: row.id, kubeconfig, clusterUid, findings, at });
  ctx.log.info({ target: row.id, trouble: findings.trouble?.code ?? null, written }, "target checked");
  return { found: findings.trouble?.code ?? "it answers" };
};

type Row = { id: string; kubeconfig: string; clusterUid: string | null };

async function look(ctx: JobContext, row: Row, now: Date, signal: AbortSignal) {
  try {
    const kubeconfig = unseal(ctx.sealingKey, row.id, row.kubeconfig);
    return await checkCluster(kubeconfig, { now, knownUid: row.clusterUid, signal });
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error;
    return { findings: nothingFound(explainTrouble(error)), clusterUid: null };
  }
}

/** Asks for a check of each registered cluster that nobody has looked at for a while. */
export async function requestDueChecks(ctx: Pick<JobContext, "db" | "clock">): Promise<void> {
  const now = ctx.clock.now();
  const actor = { type: "system", reason: "it looks again and again" } as const;
  const due = await ctx.db.target.findMany({
    where: {
      removedAt: null,
      OR: [{ checkedAt: null }, { checkedAt: { lt: new Date(now.getTime() - everyMs) } }],
    },
    select: { id: true },
  });
  if (due.length === 0) return;
  const asked = await ctx.db.job.findMany({
    where: {
      kind: "target.check",
      subjectId: { in: due.map(({ id }) => id) },
      // One that failed is given the same time before it is tried again.
      OR: [
        { status: { in: ["queued", "running"] } },
        { finishedAt: { gt: new Date(now.getTime() - everyMs) } },
      ],
    },
    select: { subjectId: true },
  });
  const already = new Set(asked.map(({ subjectId }) => subjectId));
  for (const { id } of due) {
    if (!already.has(id)) await requestJob(ctx.db, { kind: "target.check", subjectId: id, actor, now });
  }
}
