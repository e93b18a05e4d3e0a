import type { Db } from "#lib/db.ts";
import type { StageDurations } from "#lib/operations/progress.ts";
import type { Stage } from "#lib/operations/stages.ts";
import type { OperationKind } from "#lib/operations/status.ts";
import type { Circumstances } from "#lib/operations/usual-durations.ts";

/**
 * How long each stage of such an operation takes, in milliseconds: the median of the last 20 that succeeded in the same
 * circumstances, as the revision has them that each was for. A stage that none went through is missing, and so is waiting in the queue: how long one waited for the engine to be
 * compiled, or for others, says nothing of the next. It says nothing of anybody's deployment either, so everybody may
 * read it.
 */
export async function learnedDurations(
  db: Db,
  kind: OperationKind,
  { target, cluster, layer }: Circumstances,
): Promise<StageDurations> {
  const rows = await db.$queryRaw<{ stage: Stage; median: number }[]>`
    with recent as (
      select o.id from operation o join deployment d on d.id = o.deployment_id
        join revision r on r.id = o.revision_id
      where o.status = 'succeeded' and o.kind = ${kind} and d.target = ${target}
        and r.spec #>> '{google,cluster,mode}' is not distinct from ${cluster}::text
        and coalesce((r.spec #>> '{routing,layer}')::int, 7) = ${layer}
      order by o.finished_at desc limit 20
    )
    select e.data ->> 'stage' as stage,
      percentile_cont(0.5) within group (order by (e.data ->> 'durationMs')::float8) as median
    from recent join operation_event e on e.operation_id = recent.id
    where e.kind = 'stage_ended' and e.data ->> 'stage' <> 'queued' group by 1`;
  return Object.fromEntries(rows.map(({ stage, median }) => [stage, median]));
}
