import type { Db, Tx } from "#lib/db.ts";
import type { RequestToStore, SampleCounts } from "#infra/local-runtime/rows/count-requests.ts";

/** Where the next line of each request log begins. `offset: null`: the file is to be emptied first. */
export type LogPosition = { inode: number; offset: number | null };
export type LogPositions = Partial<Record<3 | 4, LogPosition>>;

const setting = "runtime.request_log";

export async function readPositions(db: Db): Promise<LogPositions> {
  const row = await db.setting.findUnique({ where: { name: setting } });
  return row ? (JSON.parse(row.value) as LogPositions) : {};
}

export async function writePositions(tx: Tx, positions: LogPositions): Promise<void> {
  const value = JSON.stringify(positions);
  await tx.setting.upsert({ where: { name: setting }, create: { name: setting, value }, update: { value } });
}

/**
 * Stores counts, requests and how far the log was read, all or nothing: so that whatever dies in between, each
 * request is counted once.
 */
export async function writeRequests(
  db: Db,
  counted: { samples: SampleCounts[]; requests: RequestToStore[] },
  positions: LogPositions,
): Promise<void> {
  await db.$transaction(async (tx) => {
    await addSamples(tx, counted.samples);
    await addRequests(tx, counted.requests);
    await writePositions(tx, positions);
  });
}

async function addSamples(tx: Tx, rows: SampleCounts[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    insert into metric_sample (deployment_id, variant, at, requests, errors, server_errors,
      latency_p50_ms, latency_p95_ms)
    select s.deployment_id, s.variant, s.at, s.requests, s.errors, s.server_errors, s.p50, s.p95
    from unnest(${rows.map((r) => r.deploymentId)}::text[], ${rows.map((r) => r.variant)}::text[],
      ${rows.map((r) => r.at)}::timestamptz[], ${rows.map((r) => r.requests)}::int[],
      ${rows.map((r) => r.errors)}::int[], ${rows.map((r) => r.serverErrors)}::int[],
      ${rows.map((r) => r.p50)}::float8[], ${rows.map((r) => r.p95)}::float8[])
      as s(deployment_id, variant, at, requests, errors, server_errors, p50, p95)
    join deployment d on d.id = s.deployment_id
    on conflict (deployment_id, variant, at) do update set
      requests = metric_sample.requests + excluded.requests,
      errors = metric_sample.errors + excluded.errors,
      server_errors = metric_sample.server_errors + excluded.server_errors,
      latency_p50_ms = coalesce(excluded.latency_p50_ms, metric_sample.latency_p50_ms),
      latency_p95_ms = coalesce(excluded.latency_p95_ms, metric_sample.latency_p95_ms)`;
}

async function addRequests(tx: Tx, rows: RequestToStore[]): Promise<void> {
  if (rows.length === 0) return;
  const known = await tx.deployment.findMany({
    where: { id: { in: [...new Set(rows.map((row) => row.deploymentId))] } },
    select: { id: true },
  });
  const ids = new Set(known.map(({ id }) => id));
  await tx.requestRow.createMany({
    data: rows.filter((row) => ids.has(row.deploymentId)),
    skipDuplicates: true,
  });
}
