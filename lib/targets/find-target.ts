import type { Tx } from "#lib/db.ts";
import { notFound } from "#lib/errors.ts";
import type { Target } from "#prisma/generated/client.ts";

/**
 * A registered target by its name or its id, locked until the transaction ends, so that nobody changes or removes it
 * meanwhile.
 *
 * @throws SluiceError `not_found`
 */
export async function lockTarget(tx: Tx, nameOrId: string): Promise<Target> {
  await tx.$queryRaw`
    select id from target where (name = ${nameOrId} or id = ${nameOrId}) and removed_at is null for update`;
  return findRegistered(tx, nameOrId);
}

/** @throws SluiceError `not_found` */
export async function findRegistered(tx: Tx, nameOrId: string): Promise<Target> {
  const row = await tx.target.findFirst({
    where: { OR: [{ name: nameOrId }, { id: nameOrId }], removedAt: null },
  });
  if (!row) throw notFound("target");
  return row;
}
