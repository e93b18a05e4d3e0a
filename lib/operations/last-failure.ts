import { Prisma } from "#prisma/generated/client.ts";

/**
 * For a query over `deployment d`: joins `failure (code, message)`, what the last operation that began on it ended with;
 * without a row if that succeeded, or none has ended. A deployment that serves is `degraded` by it until one succeeds.
 */
export const joinLastFailure = Prisma.sql`
  left join lateral (
    select last.error_code as code, last.error_message as message
    from (
      select o.status, o.error_code, o.error_message from operation o
      where o.deployment_id = d.id and o.started_at is not null and o.finished_at is not null
      order by o.fence desc limit 1
    ) last
    where last.status <> 'succeeded'
  ) failure on true`;
