import type { Db } from "#lib/db.ts";
import { secretMask } from "#lib/operations/mask-secrets.ts";
import { unseal, UnsealError, type SealingKey } from "#lib/secrets/seal.ts";

/** Takes secrets out of what replicas wrote. The values stay in memory alone. */
export class Masks {
  readonly #db: Db;
  readonly #key: SealingKey;
  /** by deployment and id: a pod that ends may still write a value that is no longer stored */
  readonly #known = new Map<string, Map<string, string>>();

  constructor(db: Db, key: SealingKey) {
    this.#db = db;
    this.#key = key;
  }

  /**
   * @returns null while a secret of this deployment can't be opened: what could hold it isn't shown
   * @throws what the database throws
   */
  async of(deploymentId: string): Promise<((text: string) => string) | null> {
    const known = this.#known.get(deploymentId) ?? new Map<string, string>();
    this.#known.set(deploymentId, known);
    const rows = await this.#db.secret.findMany({ where: { deploymentId } });
    try {
      for (const { id, sealed } of rows) {
        if (!known.has(id)) known.set(id, unseal(this.#key, deploymentId, sealed));
      }
    } catch (error) {
      if (error instanceof UnsealError) return null;
      throw error;
    }
    return secretMask([...known.values()]);
  }

  /** Keeps what belongs to these. */
  keep(deploymentIds: Set<string>): void {
    for (const id of this.#known.keys()) if (!deploymentIds.has(id)) this.#known.delete(id);
  }
}
