import { changeChannel } from "#lib/changes/publish.ts";
import type { Db } from "#lib/db.ts";
import type { FailureCode } from "#lib/deployments/status.ts";

/**
 * Says of the deployments on a cluster that nobody knows how it is now, since the cluster can't be asked. What was seen
 * last stays, status and replicas: that the cluster isn't reached from here ends none of them. What the next answer of
 * the cluster tells takes the sentence back. While an operation runs, it has the say.
 */
export async function recordUnasked(
  db: Db,
  deploymentIds: string[],
  trouble: { code: FailureCode; message: string },
): Promise<void> {
  await db.$executeRaw`
    with told as (
      update deployment d set status_code = ${trouble.code}, status_message = ${trouble.message}
      where d.id = any(${deploymentIds}) and d.status in ('ready', 'degraded')
        and d.status_code is distinct from ${trouble.code}
        and not exists (select from operation o where o.deployment_id = d.id and o.status = 'running')
      returning d.id
    )
    select pg_notify(${changeChannel}, json_build_object('topic', 'deployment', 'deploymentId', told.id)::text)
    from told`;
}
