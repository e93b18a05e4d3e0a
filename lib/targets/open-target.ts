import type { Tx } from "#lib/db.ts";
import { notFound } from "#lib/errors.ts";
import { unseal, type SealingKey } from "#lib/secrets/seal.ts";
import { targetSettings, type TargetSettings } from "#lib/targets/target-input.ts";

/** All that the worker needs of a registered cluster. `kubeconfig` is a secret: for the engine and the API alone. */
export type OpenedTarget = {
  id: string;
  name: string;
  kubeconfig: string;
  /** the same whatever the kubeconfig: with it a new one replaces nothing */
  clusterIdentifier: string;
  settings: TargetSettings;
};

/**
 * Opens the kubeconfig of a registered target. For the worker alone.
 *
 * @throws SluiceError `not_found` once it is removed
 * @throws UnsealError where it was sealed with another key
 */
export async function openTarget(ctx: { db: Tx; sealingKey: SealingKey }, id: string): Promise<OpenedTarget> {
  const row = await ctx.db.target.findFirst({ where: { id, removedAt: null } });
  if (!row?.kubeconfig) throw notFound("target");
  return {
    id,
    name: row.name,
    kubeconfig: unseal(ctx.sealingKey, id, row.kubeconfig),
    clusterIdentifier: row.clusterIdentifier,
    settings: targetSettings.parse(row.settings),
  };
}
