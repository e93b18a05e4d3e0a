import { createHash } from "node:crypto";
import type { JsonObject } from "#e2e/cloud/google/json.ts";

/** A thing that Google keeps. */
export type Stored = {
  /** `compute/projects/p/global/networks/n`, `container/projects/…`, `storage/b/…`, `storage/b/…/o/…`. */
  key: string;
  body: JsonObject;
  /** Keys of what it refers to: those can't be deleted before it. */
  refs: string[];
  /** The unfinished operation on it, by its name, or null. */
  busy: string | null;
  /** Its creation isn't over yet: it is seen, but nothing may refer to it. */
  fresh: boolean;
  /** What it was before, the oldest first: changes take effect late. */
  history: { until: Date; body: JsonObject }[];
  /** What an object in a bucket holds. */
  bytes?: Buffer;
};

/** All that is kept, by key, in the order of creation. */
export class Store {
  #objects = new Map<string, Stored>();
  #watchers: (() => void)[] = [];
  #next = 4_000_000_000_000_000_001n;

  get(key: string): Stored | undefined {
    return this.#objects.get(key);
  }

  put(key: string, body: JsonObject, refs: string[] = []): Stored {
    const stored: Stored = { key, body, refs, busy: null, fresh: false, history: [] };
    this.#objects.set(key, stored);
    this.#tell();
    return stored;
  }

  /** Gives an object another body and remembers the one before. */
  change(stored: Stored, body: JsonObject, at: Date): void {
    stored.history.push({ until: at, body: stored.body });
    stored.body = body;
    this.#tell();
  }

  remove(key: string): void {
    this.#objects.delete(key);
    this.#tell();
  }

  /** Calls back at once whenever something comes, changes or goes. */
  watch(watcher: () => void): void {
    this.#watchers.push(watcher);
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }

  /** Members of a collection, such as `compute/projects/p/global/networks`, without what lies deeper. */
  list(collection: string): Stored[] {
    return this.all().filter(
      ({ key }) => key.startsWith(`${collection}/`) && !key.slice(collection.length + 1).includes("/"),
    );
  }

  all(): Stored[] {
    return [...this.#objects.values()];
  }

  /** The first other object that refers to this one, or undefined. */
  userOf(key: string): Stored | undefined {
    return this.all().find((each) => each.refs.includes(key));
  }

  /** A number as Google gives to every object, never twice. */
  nextId(): string {
    return String(this.#next++);
  }
}

/** A hash over the contents, as the fields are that guard against changes at the same time. */
export function fingerprintOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest().subarray(0, 8).toString("base64");
}
