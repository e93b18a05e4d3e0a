import type { Change } from "#lib/changes/publish.ts";
import { subscribe, type Subscription } from "#lib/changes/subscribe.ts";

/** A change; `lost`: the database is away; `gap`: it is back, and some may have been missed. */
export type ChangeListener = (change: Change | "lost" | "gap") => void;

/** One listening connection of this process, shared by all its streams. */
export class ChangeHub {
  readonly #listeners = new Set<ChangeListener>();
  readonly #subscription: Subscription;

  constructor(databaseUrl: string) {
    this.#subscription = subscribe(databaseUrl, {
      onChange: (change) => this.#tell(change),
      onGap: () => this.#tell("gap"),
      onLost: () => this.#tell("lost"),
    });
  }

  /** @returns what ends it */
  listen(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** how many listen: a test shows that none stays behind */
  get listeners(): number {
    return this.#listeners.size;
  }

  async close(): Promise<void> {
    await this.#subscription.close();
  }

  #tell(change: Change | "lost" | "gap"): void {
    for (const listener of this.#listeners) listener(change);
  }
}
