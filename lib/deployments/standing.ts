import type { Tx } from "#lib/db.ts";
import type { Standing } from "#lib/deployments/complete-google.ts";
import { isServed, readDomainState } from "#lib/deployments/domain-state.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { Deployment } from "#prisma/generated/client.ts";

/** A deployment as a change of it finds it. Where nothing was begun or is about to be, all of it may still be changed. */
export async function standingOf(
  db: Tx,
  { id, domainState }: Pick<Deployment, "id" | "domainState">,
  spec: Spec,
): Promise<Standing> {
  const seen = readDomainState(domainState);
  return { spec, isMade: await wasBegun(db, id), isServed: isServed(seen, spec.google?.domain ?? null) };
}

/**
 * Whether anything of a deployment was ever begun to be made, or is about to be: an operation that waits or runs makes it as
 * it was asked for then, and the next one couldn't have it elsewhere.
 */
export async function wasBegun(db: Tx, deploymentId: string): Promise<boolean> {
  const [begun, coming] = await Promise.all([
    db.operationEvent.findFirst({
      where: { operation: { deploymentId }, kind: "resource_started" },
      select: { seq: true },
    }),
    db.operation.findFirst({
      where: { deploymentId, status: { in: ["queued", "running"] } },
      select: { id: true },
    }),
  ]);
  return begun !== null || coming !== null;
}
