import type { Tx } from "#lib/db.ts";
import type { FieldError } from "#lib/errors.ts";
import { invalid } from "#lib/parse-input.ts";

/** Whether another live deployment uses or asks for this port. (What other programs use shows when it is deployed.) */
export async function portProblems(tx: Tx, port: number | null, deploymentId: string): Promise<FieldError[]> {
  if (port === null) return [];
  const [conflict] = await tx.$queryRaw<{ id: string }[]>`
    select d.id from deployment d left join revision r on r.id = d.revision_id
    where d.status <> 'destroyed' and d.id <> ${deploymentId}
      and ((d.endpoint->>'port')::int = ${port} or (r.spec->'endpoint'->>'port')::int = ${port})
    limit 1`;
  if (!conflict) return [];
  return [
    { field: "endpoint.port", message: `Port ${port} is another deployment's. Choose another, or none.` },
  ];
}

/**
 * Creates and updates that name a port wait for each other here, so that two at once can't both pass.
 *
 * @throws SluiceError `invalid` at `endpoint.port`
 */
export async function refusePortConflict(tx: Tx, port: number | null, deploymentId: string): Promise<void> {
  if (port === null) return;
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('sluice endpoint ports'))`;
  const problems = await portProblems(tx, port, deploymentId);
  if (problems.length > 0) throw invalid(problems);
}
