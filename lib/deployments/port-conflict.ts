import type { Tx } from "#lib/db.ts";
import type { FieldError } from "#lib/errors.ts";
import { invalid } from "#lib/parse-input.ts";

/** The two ports that an endpoint can ask for. */
type Ports = { port: number | null; redirectFrom: number | null };

/** Where the portal that was started last says which port it listens on. */
export const portalPortSetting = "portal.port";

const words = { port: "Choose another, or none.", redirectFrom: "Choose another." } as const;

export function portsDiffer(one: Ports, other: Ports): boolean {
  return one.port !== other.port || one.redirectFrom !== other.redirectFrom;
}

/** Whether the portal or another live deployment uses or asks for these. (What other programs use shows when it is deployed.) */
export async function portProblems(tx: Tx, ports: Ports, deploymentId: string): Promise<FieldError[]> {
  const problems: FieldError[] = [];
  for (const field of ["port", "redirectFrom"] as const) {
    const port = ports[field];
    const owner = port === null ? null : await ownerOf(tx, port, deploymentId);
    if (owner === null) continue;
    problems.push({ field: `endpoint.${field}`, message: `Port ${port} is ${owner}. ${words[field]}` });
  }
  return problems;
}

async function ownerOf(tx: Tx, port: number, deploymentId: string): Promise<string | null> {
  const own = await tx.setting.findUnique({ where: { name: portalPortSetting } });
  if (own?.value === String(port)) return "the portal's own";
  const found = await tx.$queryRaw<unknown[]>`
    select 1 from deployment d left join revision r on r.id = d.revision_id
    where d.status <> 'destroyed' and d.id <> ${deploymentId}
      and ((d.endpoint->>'port')::int = ${port} or (r.spec->'endpoint'->>'port')::int = ${port}
        or (r.spec->'endpoint'->>'redirectFrom')::int = ${port})
    limit 1`;
  return found.length > 0 ? "another deployment's" : null;
}

/**
 * Creates and updates that name a port wait for each other here, so that two at once can't both pass.
 *
 * @throws SluiceError `invalid` at `endpoint.port` or `endpoint.redirectFrom`
 */
export async function refusePortConflict(tx: Tx, ports: Ports, deploymentId: string): Promise<void> {
  if (ports.port === null && ports.redirectFrom === null) return;
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('sluice endpoint ports'))`;
  const problems = await portProblems(tx, ports, deploymentId);
  if (problems.length > 0) throw invalid(problems);
}
