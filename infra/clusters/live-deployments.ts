import { placeOf, type ClusterPlace, type Placed } from "#infra/clusters/cluster-place.ts";
import type { Db } from "#lib/db.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { readSpec } from "#lib/deployments/to-view.ts";

export type LiveDeployment = {
  id: string;
  targetId: string;
  status: string;
  /** the newest that was asked for */
  spec: Spec;
  place: ClusterPlace;
  /** sealed, as it is stored: another one says that they were changed; empty for the worker's own account */
  credentials: string;
};

type Row = Omit<LiveDeployment, "spec" | "place"> & Placed & { spec: unknown };

/**
 * What runs in clusters, or may: all that aren't gone.
 *
 * @param onUnreadable hears of one whose stored spec isn't one; it is left out, so that it costs the others nothing
 */
export async function liveDeployments(
  db: Db,
  onUnreadable: (id: string, error: unknown) => void,
): Promise<LiveDeployment[]> {
  const rows = await db.$queryRaw<Row[]>`
    select d.id, d.target_id as "targetId", d.status, r.spec, coalesce(t.credentials, '') as credentials,
      t.settings->>'project' as project, r.spec->'google' as google
    from deployment d
      join revision r on r.id = d.revision_id
      join target t on t.id = d.target_id and t.removed_at is null
    where d.status <> 'destroyed'`;
  return rows.flatMap((row) => {
    const { id, targetId, status, credentials } = row;
    try {
      const place = placeOf(row);
      return place ? [{ id, targetId, status, credentials, place, spec: readSpec(row.spec) }] : [];
    } catch (error) {
      onUnreadable(row.id, error);
      return [];
    }
  });
}
