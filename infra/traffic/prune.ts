import type { Db } from "#lib/db.ts";

/** What is kept: enough for the pages, bounded however long a deployment lives. */
const kept = { logLines: 2_000, requests: 5_000, scaleSteps: 500, sampleHours: 24 } as const;

/** Deletes what is older than the pages show. */
export async function prune(db: Db, now: Date): Promise<void> {
  const oldest = new Date(now.getTime() - kept.sampleHours * 3_600_000);
  await db.metricSample.deleteMany({ where: { at: { lt: oldest } } });
  await db.$executeRaw`
    delete from replica_log_line l using deployment d where l.deployment_id = d.id and l.id <= (
      select n.id from replica_log_line n where n.deployment_id = d.id order by n.id desc offset ${kept.logLines} limit 1)`;
  await db.$executeRaw`
    delete from scale_step s using deployment d where s.deployment_id = d.id and s.id <= (
      select n.id from scale_step n where n.deployment_id = d.id order by n.id desc offset ${kept.scaleSteps} limit 1)`;
  await db.$executeRaw`
    delete from request_row r using deployment d where r.deployment_id = d.id and r.at < (
      select n.at from request_row n where n.deployment_id = d.id order by n.at desc offset ${kept.requests - 1} limit 1)`;
}
