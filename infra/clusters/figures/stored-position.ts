import { setTimeout as pause } from "node:timers/promises";
import type { LogPosition } from "#infra/clusters/figures/log-position.ts";
import { isRefusedData, writeRequests, type Counted } from "#infra/traffic/request-rows.ts";
import type { Db } from "#lib/db.ts";

const retryMs = 1_000;

/** The settings that hold positions begin with it, then come the deployment's id and the pod's uid. */
export const positionPrefix = "request_log/";

export function positionName(deploymentId: string, podUid: string): string {
  return `${positionPrefix}${deploymentId}/${podUid}`;
}

type Told = {
  /** the database takes the counts, but not these requests */
  refused(error: unknown): void;
  /** the database takes nothing, and is asked again: told once until it does */
  failing(error: unknown): void;
  well(): void;
};

/**
 * Where the reading of one pod's log has come to. It moves together with what was counted, and only from where this
 * reader left it: whatever dies in between, and whoever else reads, each line is counted once.
 */
export class StoredPosition {
  readonly #db: Db;
  readonly #name: string;
  readonly #told: Told;
  #stored: string | null = null;
  #isFailing = false;

  constructor(db: Db, name: string, told: Told) {
    this.#db = db;
    this.#name = name;
    this.#told = told;
  }

  async read(): Promise<LogPosition | null> {
    this.#stored = await this.#inDatabase();
    return this.#stored === null ? null : (JSON.parse(this.#stored) as LogPosition);
  }

  /**
   * Stores what was counted up to a position. While the database is away, or fails in another way, it is tried again:
   * a line counted again would be in the percentiles twice.
   *
   * @throws Error once another reader was there, or the signal is aborted
   */
  async store(counted: Counted, position: LogPosition, signal: AbortSignal): Promise<void> {
    const value = JSON.stringify(position);
    const progress = { name: this.#name, value, expected: this.#stored };
    while (!(await this.#tryToStore(counted, progress, signal))) await pause(retryMs, undefined, { signal });
    this.#stored = value;
    if (this.#isFailing) this.#told.well();
    this.#isFailing = false;
  }

  async #tryToStore(
    counted: Counted,
    progress: { name: string; value: string; expected: string | null },
    signal: AbortSignal,
  ): Promise<boolean> {
    try {
      if (await writeRequests(this.#db, counted, progress)) return true;
    } catch (error) {
      signal.throwIfAborted();
      if (!isRefusedData(error)) {
        if (!this.#isFailing) this.#told.failing(error);
        this.#isFailing = true;
        return false;
      }
      this.#told.refused(error);
      // One request that can't be stored must not keep all others from being counted.
      return this.#tryToStore({ ...counted, requests: [] }, progress, signal);
    }
    // A try whose answer was lost may have worked.
    if ((await this.#inDatabase()) === progress.value) return true;
    throw new Error("Another reader was at this log.");
  }

  async #inDatabase(): Promise<string | null> {
    const row = await this.#db.setting.findUnique({ where: { name: this.#name } });
    return row?.value ?? null;
  }
}
