import type { Tx } from "#lib/db.ts";
import { invalid } from "#lib/parse-input.ts";
import { someNames } from "#lib/targets/some-names.ts";

/**
 * Without the image prefix no built-in model that is there could be changed, or get a replica on another node.
 *
 * @throws SluiceError `invalid` at `imagePrefix` while there is one
 */
export async function refuseWhilePulledFrom(tx: Tx, targetId: string): Promise<void> {
  const rows = await tx.$queryRaw<{ name: string }[]>`
    select d.name from deployment d join revision r on r.id = d.revision_id
    where d.target_id = ${targetId} and d.status <> 'destroyed'
      and exists (select from jsonb_array_elements(r.spec->'variants') v
        where v->'model'->>'preset' is not null)
    order by d.created_at`;
  if (rows.length === 0) return;
  const names = someNames(rows.map(({ name }) => name));
  const message = `The built-in models of ${names} are pulled from there. Give another prefix, or have them torn down first.`;
  throw invalid([{ field: "imagePrefix", message }]);
}
