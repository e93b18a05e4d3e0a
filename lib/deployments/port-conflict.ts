import type { Tx } from "#lib/db.ts";
import type { EndpointView } from "#lib/deployments/view.ts";
import type { FieldError } from "#lib/errors.ts";
import { invalid } from "#lib/parse-input.ts";

/** The two ports that an endpoint can ask for. */
type Ports = { port: number | null; redirectFrom: number | null };

/** Where the portal that was started last says which port it listens on. */
export const portalPortSetting = "portal.port";

const ways = {
  port: "Choose another, or leave it empty for a free one.",
  redirectFrom: "Choose another, or leave it empty for no redirect.",
} as const;

export function portsDiffer(one: Ports, other: Ports): boolean {
  return one.port !== other.port || one.redirectFrom !== other.redirectFrom;
}

/**
 * Whether these are the portal's, the deployment's own in another use, or another's on this machine: what it has, or
 * what it will ask for or may go back to. (What other programs use shows when it is deployed.)
 */
export async function portProblems(tx: Tx, ports: Ports, deploymentId: string): Promise<FieldError[]> {
  const problems: FieldError[] = [];
  for (const field of ["port", "redirectFrom"] as const) {
    const port = ports[field];
    const owner = port === null ? null : await ownerOf(tx, port, deploymentId);
    if (owner === null) continue;
    problems.push({ field: `endpoint.${field}`, message: `Port ${port} is ${owner}. ${ways[field]}` });
  }
  return problems.length > 0 ? problems : ownPortProblems(tx, ports, deploymentId);
}

/** Where none is asked for, an endpoint keeps the port that it was given: that one can't redirect to itself. */
async function ownPortProblems(tx: Tx, ports: Ports, deploymentId: string): Promise<FieldError[]> {
  if (ports.port !== null || ports.redirectFrom === null) return [];
  const own = await tx.deployment.findUnique({ where: { id: deploymentId }, select: { endpoint: true } });
  if ((own?.endpoint as EndpointView | null | undefined)?.port !== ports.redirectFrom) return [];
  const message = `Port ${ports.redirectFrom} is the endpoint's own. ${ways.redirectFrom}`;
  return [{ field: "endpoint.redirectFrom", message }];
}

async function ownerOf(tx: Tx, port: number, deploymentId: string): Promise<string | null> {
  const own = await tx.setting.findUnique({ where: { name: portalPortSetting } });
  if (own?.value === String(port)) return "the portal's own";
  const found = await tx.$queryRaw<unknown[]>`
    select 1 from deployment d
    where d.target = 'local' and d.status <> 'destroyed' and d.id <> ${deploymentId}
      and ((d.endpoint->>'port')::int = ${port} or exists (
        select from revision r
        where ${port} in ((r.spec->'endpoint'->>'port')::int, (r.spec->'endpoint'->>'redirectFrom')::int)
          and (r.id = d.revision_id
            or r.id in (select o.revision_id from operation o
              where o.deployment_id = d.id and o.status in ('queued', 'running'))
            or r.id = (select o.revision_id from operation o
              where o.deployment_id = d.id and o.status = 'succeeded' order by o.queued_at desc limit 1))))
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
