import { placeOf, type ClusterPlace, type Placed } from "#infra/clusters/cluster-place.ts";
import type { Db } from "#lib/db.ts";

/**
 * The clusters that have a deployment that exists, or rows of replicas of one that doesn't any more.
 *
 * @param deploymentId where this one is alone
 */
export async function placesInUse(db: Db, deploymentId?: string): Promise<Map<string, ClusterPlace>> {
  const rows = await db.$queryRaw<Placed[]>`
    select d.id, d.target_id as "targetId", t.settings->>'project' as project, r.spec->'google' as google
    from deployment d
      join target t on t.id = d.target_id and t.removed_at is null
      left join revision r on r.id = d.revision_id
    where (d.status <> 'destroyed' or exists (select from replica where deployment_id = d.id))
      and (${deploymentId === undefined} or d.id = ${deploymentId ?? ""})`;
  return new Map(rows.flatMap((row) => placeOf(row) ?? []).map((place) => [place.key, place]));
}
