import type { Db } from "#lib/db.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { readSpec } from "#lib/deployments/to-view.ts";

export type LiveDeployment = {
  id: string;
  targetId: string;
  status: string;
  /** the newest that was asked for */
  spec: Spec;
  /** sealed, as it is stored: another one says that the kubeconfig was changed */
  kubeconfig: string;
};

/**
 * What runs in registered clusters, or may: all that aren't gone.
 *
 * @param onUnreadable hears of one whose stored spec isn't one; it is left out, so that it costs the others nothing
 */
export async function liveDeployments(
  db: Db,
  onUnreadable: (id: string, error: unknown) => void,
): Promise<LiveDeployment[]> {
  const rows = await db.$queryRaw<(Omit<LiveDeployment, "spec"> & { spec: unknown })[]>`
    select d.id, d.target_id as "targetId", d.status, r.spec, t.kubeconfig
    from deployment d
      join revision r on r.id = d.revision_id
      join target t on t.id = d.target_id and t.removed_at is null
    where d.target = 'kubernetes' and d.status <> 'destroyed' and t.kubeconfig is not null`;
  return rows.flatMap((row) => {
    try {
      return [{ ...row, spec: readSpec(row.spec) }];
    } catch (error) {
      onUnreadable(row.id, error);
      return [];
    }
  });
}
