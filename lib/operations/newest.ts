import type { Tx } from "#lib/db.ts";
import { Prisma, type Operation } from "#prisma/generated/client.ts";

/** Of `operation o`: it waits, runs or ran. What was cancelled before it began made and changed nothing, so it doesn't count. */
export const counts = Prisma.sql`(o.started_at is not null or o.status <> 'cancelled')`;

/**
 * The operation that says where a deployment is: the newest that counts. Of one that nothing was begun of, the newest that
 * makes something: what a tear-down would have had to do is nobody's wish there any more.
 *
 * @param deploymentId a value, or a column of the query that this is put into
 * @returns a query of one id
 */
export function newestOperationId(deploymentId: string | Prisma.Sql): Prisma.Sql {
  return Prisma.sql`coalesce(
    (select o.id from operation o where o.deployment_id = ${deploymentId} and ${counts}
      order by o.queued_at desc, o.id desc limit 1),
    (select o.id from operation o where o.deployment_id = ${deploymentId}
      order by o.kind = 'destroy', o.queued_at desc, o.id desc limit 1))`;
}

/** As `newestOperationId`, the row; null where there is no operation at all. */
export async function newestOperation(tx: Tx, deploymentId: string): Promise<Operation | null> {
  const [found] = await tx.$queryRaw<{ id: string | null }[]>`
    select ${newestOperationId(deploymentId)} as id`;
  return found?.id ? tx.operation.findUnique({ where: { id: found.id } }) : null;
}
