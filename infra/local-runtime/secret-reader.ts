import { CommandFailure } from "#infra/local-runtime/failure.ts";
import type { ModelServerCommand } from "#infra/local-runtime/protocol.ts";
import type { Db } from "#lib/db.ts";
import { unseal, UnsealError, type SealingKey } from "#lib/secrets/seal.ts";

/** Unseals secret environment values, once each: a new value has a new id. They stay in memory alone. */
export class SecretReader {
  readonly #db: Db;
  readonly #key: SealingKey;
  readonly #known = new Map<string, { deploymentId: string; value: string }>();

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

  /** A line without any of the deployment's secrets, should a model server have written one. */
  redact(deploymentId: string, line: string): string {
    for (const known of this.#known.values()) {
      if (known.deploymentId === deploymentId && known.value.length >= 4)
        line = line.replaceAll(known.value, "•••");
    }
    return line;
  }

  forget(deploymentId: string): void {
    for (const [id, known] of this.#known) if (known.deploymentId === deploymentId) this.#known.delete(id);
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
      this.#known.set(entry.secretId, { deploymentId, value });
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
