import type { Db, Tx } from "#lib/db.ts";
import { canary } from "#lib/secrets/canary.ts";
import { seal, unseal, type SealingKey } from "#lib/secrets/seal.ts";

/** One sealed text and how to put another in its place. */
type Sealed = { owner: string; sealed: string; replace(sealed: string): Promise<unknown> };

/**
 * Seals everything that is sealed anew with another key, in one transaction: all of it or none.
 *
 * No process may use the old key meanwhile or afterwards: what it sealed would be lost. Answers kept for an
 * Idempotency-Key stay as they are, since their requests' hashes are keyed too: for the rest of their day such a
 * request is refused rather than done twice.
 *
 * @returns how many values were sealed anew
 * @throws UnsealError if a value doesn't open with the old key
 */
export async function rotateSealingKey(db: Db, from: SealingKey, to: SealingKey): Promise<number> {
  return db.$transaction(
    async (tx) => {
      const all = [
        ...(await deployments(tx)),
        ...(await secrets(tx)),
        ...(await stackExports(tx)),
        ...(await targetCredentials(tx)),
        ...(await settings(tx)),
      ];
      for (const one of all) await one.replace(seal(to, one.owner, unseal(from, one.owner, one.sealed)));
      return all.length;
    },
    { timeout: 10 * 60_000 },
  );
}

async function deployments(tx: Tx): Promise<Sealed[]> {
  const rows = await tx.deployment.findMany({ select: { id: true, stackSecrets: true, probeKey: true } });
  const column = (id: string, name: "stackSecrets" | "probeKey", sealed: string | null): Sealed[] =>
    sealed === null
      ? []
      : [
          {
            owner: id,
            sealed,
            replace: (next) => tx.deployment.update({ where: { id }, data: { [name]: next } }),
          },
        ];
  return rows.flatMap((row) => [
    ...column(row.id, "stackSecrets", row.stackSecrets),
    ...column(row.id, "probeKey", row.probeKey),
  ]);
}

async function secrets(tx: Tx): Promise<Sealed[]> {
  const rows = await tx.secret.findMany();
  return rows.map(({ id, deploymentId, sealed }) => ({
    owner: deploymentId,
    sealed,
    replace: (next) => tx.secret.update({ where: { id }, data: { sealed: next } }),
  }));
}

async function stackExports(tx: Tx): Promise<Sealed[]> {
  const rows = await tx.stackExport.findMany({ include: { operation: { select: { deploymentId: true } } } });
  return rows.map(({ id, operation, sealed }) => ({
    owner: operation.deploymentId,
    sealed,
    replace: (next) => tx.stackExport.update({ where: { id }, data: { sealed: next } }),
  }));
}

async function targetCredentials(tx: Tx): Promise<Sealed[]> {
  const rows = await tx.target.findMany({ select: { id: true, credentials: true } });
  return rows.flatMap(({ id, credentials }) =>
    credentials === null
      ? []
      : [
          {
            owner: id,
            sealed: credentials,
            replace: (next) => tx.target.update({ where: { id }, data: { credentials: next } }),
          },
        ],
  );
}

async function settings(tx: Tx): Promise<Sealed[]> {
  const row = await tx.setting.findUnique({ where: { name: canary.setting } });
  if (!row) return [];
  const replace = (next: string) => tx.setting.update({ where: { name: row.name }, data: { value: next } });
  return [{ owner: canary.owner, sealed: row.value, replace }];
}
