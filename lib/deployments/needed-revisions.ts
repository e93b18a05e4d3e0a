import { Prisma } from "#prisma/generated/client.ts";

/**
 * Of `revision r`: the newest, those of operations that wait or run, and that of the last that succeeded, whose replicas may
 * be started again. A deployment that was torn down needs none.
 */
export function neededRevisions(deploymentId: string): Prisma.Sql {
  return Prisma.sql`r.deployment_id = ${deploymentId} and (
    r.id = (select revision_id from deployment where id = ${deploymentId} and status <> 'destroyed')
    or r.id in (select revision_id from operation
      where deployment_id = ${deploymentId} and status in ('queued', 'running'))
    or r.id = (select o.revision_id from operation o join deployment d on d.id = o.deployment_id
      where o.deployment_id = ${deploymentId} and o.status = 'succeeded' and d.status <> 'destroyed'
      order by o.queued_at desc limit 1))`;
}
