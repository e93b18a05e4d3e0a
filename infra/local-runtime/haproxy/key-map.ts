import { existsSync, readFileSync, rmSync } from "node:fs";
import type { Db } from "#lib/db.ts";
import type { Folders } from "#infra/local-runtime/folders.ts";
import type { LoadBalancer } from "#infra/local-runtime/haproxy/load-balancer.ts";
import { probeLabel } from "#infra/haproxy/log-format.ts";
import { Turns } from "#infra/local-runtime/turns.ts";
import { writeAtomically } from "#infra/local-runtime/write-atomically.ts";

type Row = { deployment_id: string; hash: string; label: string };

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
    const rows = await this.#db.$queryRaw<Row[]>`
      select k.deployment_id, k.hash, case k.purpose when 'probe' then ${probeLabel} else 'key' end as label
      from endpoint_key k
      where k.deployment_id = any(${deploymentIds}) and k.revoked_at is null
      union
      select d.id, a.hash, 'owner'
      from deployment d
        join "user" u on u.id = d.owner_id and u.disabled_at is null
        join api_key a on a.user_id = u.id
      where d.id = any(${deploymentIds}) and a.revoked_at is null and (a.expires_at is null or a.expires_at > ${now})`;
    for (const id of deploymentIds) {
      await this.#bring(
        id,
        new Map(rows.filter((row) => row.deployment_id === id).map((r) => [r.hash, r.label])),
      );
    }
  }

  async #bring(deploymentId: string, wanted: Map<string, string>): Promise<void> {
    const file = this.#folders.keys(deploymentId);
    // Its endpoint went meanwhile, and the file with it.
    if (!existsSync(file)) return;
    const known = this.#inFile(deploymentId);
    if (known.size !== wanted.size || [...wanted.keys()].some((hash) => !known.has(hash))) {
      writeAtomically(file, [...wanted].map(([hash, label]) => `${hash} ${label}\n`).join(""));
    }
    await this.#balancer.setKeys(file, wanted);
  }

  #inFile(deploymentId: string): Map<string, string> {
    const file = this.#folders.keys(deploymentId);
    return existsSync(file) ? parseFile(readFileSync(file, "utf8")) : new Map<string, string>();
  }
}

function parseFile(text: string): Map<string, string> {
  const entries = text.split("\n").flatMap((line): [string, string][] => {
    const [hash, label] = line.split(" ");
    return hash && label ? [[hash, label]] : [];
  });
  return new Map(entries);
}
