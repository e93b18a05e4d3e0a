import type { Tx } from "#lib/db.ts";

export type LogLine = { deploymentId: string; replicaId: string; at: Date; line: string };

/** What is kept of a line. */
export const longestLine = 4_000;

/** One step of the autoscaler. */
export type ScaleStep = {
  deploymentId: string;
  variant: string;
  at: Date;
  from: number;
  to: number;
  reason: string;
};

/** Stores lines of deployments that exist; those of others are nobody's. */
export async function recordLogLines(db: Tx, lines: LogLine[]): Promise<void> {
  if (lines.length === 0) return;
  await db.$executeRaw`
    insert into replica_log_line (deployment_id, replica_id, at, line)
    select l.deployment_id, l.replica_id, l.at, l.line
    from unnest(${lines.map((l) => l.deploymentId)}::text[], ${lines.map((l) => l.replicaId)}::text[],
      ${lines.map((l) => l.at)}::timestamptz[], ${lines.map((l) => l.line)}::text[])
      with ordinality as l(deployment_id, replica_id, at, line, n)
    join deployment d on d.id = l.deployment_id
    order by l.n`;
}

export async function recordScaleSteps(db: Tx, steps: ScaleStep[]): Promise<void> {
  if (steps.length === 0) return;
  const known = await db.deployment.findMany({
    where: { id: { in: steps.map((step) => step.deploymentId) } },
    select: { id: true },
  });
  const ids = new Set(known.map(({ id }) => id));
  await db.scaleStep.createMany({ data: steps.filter((step) => ids.has(step.deploymentId)) });
}
