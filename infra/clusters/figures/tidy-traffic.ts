import { positionPrefix } from "#infra/clusters/figures/stored-position.ts";
import { prune } from "#infra/traffic/prune.ts";
import type { Db } from "#lib/db.ts";

/** Deletes what pages don't show any more, and positions in logs of deployments that are gone. */
export async function tidyTraffic(db: Db, now: Date): Promise<void> {
  await prune(db, now);
  await db.$executeRaw`
    delete from setting s where starts_with(s.name, ${positionPrefix}) and not exists (
      select 1 from deployment d
      where d.id = split_part(s.name, '/', 2) and d.status <> 'destroyed')`;
}
