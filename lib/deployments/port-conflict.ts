import type { Tx } from "#lib/db.ts";
import { invalid } from "#lib/parse-input.ts";

/**
 * Refuses a port that another live deployment uses or asks for. Creates and updates that name a port wait for
 * each other, so that two at once can't both pass. (What other programs use is found when it is deployed.)
 *
 * @throws SluiceError `invalid` at `endpoint.port`
 */
export async function refusePortConflict(tx: Tx, port: number | null, deploymentId: string): Promise<void> {
  if (port === null) return;
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('sluice endpoint ports'))`;
  const [conflict] = await tx.$queryRaw<{ id: string }[]>`
    select d.id from deployment d left join revision r on r.id = d.revision_id
    where d.status <> 'destroyed' and d.id <> ${deploymentId}
      and ((d.endpoint->>'port')::int = ${port} or (r.spec->'endpoint'->>'port')::int = ${port})
    limit 1`;
  if (conflict) {
    throw invalid([
      { field: "endpoint.port", message: `Port ${port} is another deployment's. Choose another, or none.` },
    ]);
  }
}
