import { CommandFailure } from "#infra/local-runtime/failure.ts";
import type { ModelServerCommand } from "#infra/local-runtime/protocol.ts";
import type { Db } from "#lib/db.ts";
import { secretMask } from "#lib/operations/mask-secrets.ts";
import { unseal, UnsealError, type SealingKey } from "#lib/secrets/seal.ts";

/** Unseals secret environment values, once each: a new value has a new id. They stay in memory alone. */
export class SecretReader {
  readonly #db: Db;
  readonly #key: SealingKey;
  readonly #known = new Map<string, { deploymentId: string; value: string }>();
  readonly #masks = new Map<string, (text: string) => string>();
  /** replicas that an earlier runtime started with secrets that this one hasn't read yet */
  readonly #unread = new Map<string, { deploymentId: string; env: ModelServerCommand["env"] }>();

  constructor(db: Db, key: SealingKey) {
    this.#db = db;
    this.#key = key;
  }

  /** @throws CommandFailure `secret_unreadable` */
  async resolve(
    deploymentId: string,
    env: ModelServerCommand["env"],
  ): Promise<{ name: string; value: string }[]> {
    const values: { name: string; value: string }[] = [];
    for (const entry of env) {
      const value = "value" in entry ? entry.value : await this.#read(deploymentId, entry);
      values.push({ name: entry.name, value });
    }
    return values;
  }

  /** This replica runs already: what it writes isn't shown before its secrets are known. */
  expect(replicaId: string, deploymentId: string, env: ModelServerCommand["env"]): void {
    this.#unread.set(replicaId, { deploymentId, env });
  }

  /**
   * Reads what is expected: all that a deployment has stored, for a replica may run with an earlier value.
   *
   * @throws what the database throws
   */
  async readExpected(): Promise<void> {
    const ids = [...new Set([...this.#unread.values()].map(({ deploymentId }) => deploymentId))];
    if (ids.length === 0) return;
    const rows = await this.#db.secret.findMany({ where: { deploymentId: { in: ids } } });
    for (const { id, deploymentId, sealed } of rows) {
      try {
        this.#know(id, deploymentId, unseal(this.#key, deploymentId, sealed));
      } catch (error) {
        if (!(error instanceof UnsealError)) throw error;
      }
    }
    for (const [replicaId, { env }] of this.#unread) {
      const isKnown = env.every((entry) => !("secretId" in entry) || this.#known.has(entry.secretId));
      if (isKnown) this.#unread.delete(replicaId);
    }
  }

  /** Takes a deployment's secrets out of what a replica wrote; `null` while that replica's aren't known. */
  mask(deploymentId: string, replicaId: string): ((text: string) => string) | null {
    if (this.#unread.has(replicaId)) return null;
    const known = this.#masks.get(deploymentId);
    if (known) return known;
    const values = [...this.#known.values()].filter((secret) => secret.deploymentId === deploymentId);
    const mask = secretMask(values.map(({ value }) => value));
    this.#masks.set(deploymentId, mask);
    return mask;
  }

  forget(deploymentId: string): void {
    for (const [id, known] of this.#known) if (known.deploymentId === deploymentId) this.#known.delete(id);
    this.#masks.delete(deploymentId);
    for (const [id, of] of this.#unread) if (of.deploymentId === deploymentId) this.#unread.delete(id);
  }

  #know(id: string, deploymentId: string, value: string): void {
    this.#known.set(id, { deploymentId, value });
    this.#masks.delete(deploymentId);
  }

  async #read(deploymentId: string, entry: { name: string; secretId: string }): Promise<string> {
    const known = this.#known.get(entry.secretId);
    if (known) return known.value;
    const row = await this.#db.secret
      .findFirst({ where: { id: entry.secretId, deploymentId } })
      .catch((cause: unknown) => {
        throw new CommandFailure(
          "start_failed",
          "The database couldn't be read for this deployment's secrets. Retry in a moment.",
          {
            cause,
          },
        );
      });
    if (!row)
      throw new CommandFailure(
        "secret_unreadable",
        `The secret ${entry.name} is no longer stored. Enter it again.`,
      );
    try {
      const value = unseal(this.#key, deploymentId, row.sealed);
      this.#know(entry.secretId, deploymentId, value);
      return value;
    } catch (cause) {
      if (!(cause instanceof UnsealError)) throw cause;
      throw new CommandFailure(
        "secret_unreadable",
        `The secret ${entry.name} can't be read. ${cause.message}`,
        { cause },
      );
    }
  }
}
