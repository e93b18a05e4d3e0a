import type { Tx } from "#lib/db.ts";

/**
 * Deletes the secrets that nothing can need any more. Needed are those of the newest revision, of operations
 * that wait or run, and of the last that succeeded: replicas that run now are restarted with it. A deployment
 * that was torn down needs none.
 */
export async function pruneSecrets(tx: Tx, deploymentId: string): Promise<void> {
  await tx.$executeRaw`
    delete from secret s where s.deployment_id = ${deploymentId} and s.id not in (
      select needed.id
      from revision r cross join lateral (
        select entry->>'secretId' from jsonb_array_elements(r.spec->'env') entry
        union all select r.spec #>> '{endpoint,tls,keyId}'
        union all select r.spec #>> '{pullSecret,secretId}') needed(id)
      where r.deployment_id = ${deploymentId} and needed.id is not null and (
        r.id = (select revision_id from deployment where id = ${deploymentId} and status <> 'destroyed')
        or r.id in (select revision_id from operation
          where deployment_id = ${deploymentId} and status in ('queued', 'running'))
        or r.id = (select o.revision_id from operation o join deployment d on d.id = o.deployment_id
          where o.deployment_id = ${deploymentId} and o.status = 'succeeded' and d.status <> 'destroyed'
          order by o.queued_at desc limit 1)))`;
}
