import type { Tx } from "#lib/db.ts";
import { neededRevisions } from "#lib/deployments/needed-revisions.ts";

/** Deletes a deployment's secrets that no needed revision names: nothing can need them any more. */
export async function pruneSecrets(tx: Tx, deploymentId: string): Promise<void> {
  await tx.$executeRaw`
    delete from secret s where s.deployment_id = ${deploymentId} and s.id not in (
      select needed.id
      from revision r cross join lateral (
        select entry->>'secretId' from jsonb_array_elements(r.spec->'env') entry
        union all select r.spec #>> '{endpoint,tls,keyId}'
        union all select r.spec #>> '{pullSecret,secretId}') needed(id)
      where needed.id is not null and ${neededRevisions(deploymentId)})`;
}
