import { counts } from "#lib/operations/newest.ts";
import { Prisma } from "#prisma/generated/client.ts";

/**
 * Of `revision r`: the newest, those of operations that wait or run, that of the last that succeeded, and those of all that
 * began since and didn't: of each of these there may be replicas that are started again. A deployment that was torn down
 * needs none.
 */
export function neededRevisions(deploymentId: string): Prisma.Sql {
  return Prisma.sql`r.deployment_id = ${deploymentId} and exists (
    select from deployment d where d.id = ${deploymentId} and d.status <> 'destroyed'
      and (r.id = d.revision_id or r.id in (
        select o.revision_id from operation o
        where o.deployment_id = ${deploymentId} and ${counts} and o.queued_at >= coalesce(
          (select max(queued_at) from operation
            where deployment_id = ${deploymentId} and status = 'succeeded'), '-infinity'))))`;
}
