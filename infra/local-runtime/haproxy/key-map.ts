import { existsSync, readFileSync, rmSync } from "node:fs";
import type { Db } from "#lib/db.ts";
import type { Folders } from "#infra/local-runtime/folders.ts";
import type { LoadBalancer } from "#infra/local-runtime/haproxy/load-balancer.ts";
import { keyMapText, parseKeyMap, readKeys, type Keys } from "#infra/haproxy/key-map.ts";
import { Turns } from "#infra/local-runtime/turns.ts";
import { writeAtomically } from "#infra/local-runtime/write-atomically.ts";

/**
 * Which keys open which endpoint: each endpoint's own that aren't revoked, and its owner's API keys. Postgres is
 * the truth; a file a deployment holds SHA-256 hashes, HAProxy has them in memory. A change needs no reload.
 */
export class KeyMaps {
  readonly #db: Db;
  readonly #folders: Folders;
  readonly #balancer: LoadBalancer;
  readonly #turns = new Turns();

  constructor(db: Db, folders: Folders, balancer: LoadBalancer) {
    this.#db = db;
    this.#folders = folders;
    this.#balancer = balancer;
  }

  /** Makes the file, so that the configuration can name it. */
  ensure(deploymentId: string): void {
    const file = this.#folders.keys(deploymentId);
    if (!existsSync(file)) writeAtomically(file, "");
  }

  remove(deploymentId: string): void {
    rmSync(this.#folders.keys(deploymentId), { force: true });
  }

  /** Brings files and HAProxy to what Postgres says now. One after the other. */
  refresh(deploymentIds: string[], now: Date): Promise<void> {
    return this.#turns.run(() => this.#refresh(deploymentIds, now));
  }

  /**
   * Brings a HAProxy that was taken over to what the files say, with or without the database: they may have changed
   * while nobody could tell it.
   */
  restore(deploymentIds: string[]): Promise<void> {
    return this.#turns.run(async () => {
      for (const id of deploymentIds) await this.#bring(id, this.#inFile(id));
    });
  }

  async #refresh(deploymentIds: string[], now: Date): Promise<void> {
    if (deploymentIds.length === 0) return;
    for (const [id, keys] of await readKeys(this.#db, deploymentIds, now)) await this.#bring(id, keys);
  }

  async #bring(deploymentId: string, wanted: Keys): Promise<void> {
    const file = this.#folders.keys(deploymentId);
    // Its endpoint went meanwhile, and the file with it.
    if (!existsSync(file)) return;
    const text = keyMapText(wanted);
    if (keyMapText(this.#inFile(deploymentId)) !== text) writeAtomically(file, text);
    await this.#balancer.setKeys(file, wanted);
  }

  #inFile(deploymentId: string): Keys {
    const file = this.#folders.keys(deploymentId);
    return parseKeyMap(existsSync(file) ? readFileSync(file, "utf8") : "");
  }
}
