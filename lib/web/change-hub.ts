import type { Change } from "#lib/changes/publish.ts";
import { subscribe, type Subscription } from "#lib/changes/subscribe.ts";

/** A change, or `null` where some may have been missed: read the rows again. */
export type ChangeListener = (change: Change | null) => void;

/** One listening connection of this process, shared by all its streams, opened by the first. */
export class ChangeHub {
  readonly #databaseUrl: string;
  readonly #listeners = new Set<ChangeListener>();
  #subscription: Subscription | null = null;

  constructor(databaseUrl: string) {
    this.#databaseUrl = databaseUrl;
  }

  /** @returns what ends it */
  listen(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    this.#subscription ??= subscribe(this.#databaseUrl, {
      onChange: (change) => this.#tell(change),
      onGap: () => this.#tell(null),
    });
    return () => void this.#listeners.delete(listener);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  async close(): Promise<void> {
    await this.#subscription?.close();
    this.#subscription = null;
  }

  #tell(change: Change | null): void {
    for (const listener of this.#listeners) listener(change);
  }
}
