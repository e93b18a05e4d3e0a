import { GoogleError } from "#e2e/cloud/google/google-error.ts";
import type { OperationError } from "#e2e/cloud/google/operations.ts";

/** Which requests go wrong. */
export type FaultMatch = {
  /** Such as POST. */
  method: string;
  /** Of the path after the host, such as `/networks$`. */
  path: RegExp;
  /** A word of its body, such as the name of what is to be made; any body if it isn't given. */
  naming?: string;
  /** The first of the matching requests that goes wrong, counted from 1; 1 at first. */
  nth?: number;
  /** How many go wrong from there; 1 at first, Infinity for all. */
  times?: number;
};

type Effect =
  | { kind: "answer"; error: GoogleError; after: boolean }
  | { kind: "operation"; error: OperationError }
  | { kind: "cut"; after: boolean };

type Fault = FaultMatch & { effect: Effect; seen: number };

/** What tests say is to go wrong. */
export class Faults {
  #faults: Fault[] = [];
  #pools = new Map<string, string>();

  /** The request is refused; nothing happens. */
  answer(match: FaultMatch, error: { code: number; reason: string; message: string }): void {
    this.#add(match, {
      kind: "answer",
      error: new GoogleError(error.code, error.reason, error.message),
      after: false,
    });
  }

  /** The request does its work, but its answer is an error: the client can't know. */
  answerAfter(match: FaultMatch, error: { code: number; reason: string; message: string }): void {
    this.#add(match, {
      kind: "answer",
      error: new GoogleError(error.code, error.reason, error.message),
      after: true,
    });
  }

  /** The request's operation ends in an error, and what it was to make isn't there. */
  operation(match: FaultMatch, error: { code: string; message: string; httpCode?: number }): void {
    this.#add(match, { kind: "operation", error: { httpCode: 500, ...error } });
  }

  /** The connection is cut without an answer, before (`after: false`) or after the work. */
  cut(match: FaultMatch, { after }: { after: boolean }): void {
    this.#add(match, { kind: "cut", after });
  }

  /** Pools of this name end in ERROR with Google's message, until told otherwise. */
  pool(name: string, message: string): void {
    this.#pools.set(name, message);
  }

  /** Ends what `pool` began. */
  mendPool(name: string): void {
    this.#pools.delete(name);
  }

  poolMessage(name: string): string | null {
    return this.#pools.get(name) ?? null;
  }

  clear(): void {
    this.#faults = [];
    this.#pools.clear();
  }

  /**
   * Counts a request.
   *
   * @param path without host and query
   * @param body JSON, as it came
   */
  meet(method: string, path: string, body: string): Effect[] {
    const met: Effect[] = [];
    for (const fault of this.#faults) {
      if (fault.method !== method || !fault.path.test(path)) continue;
      if (fault.naming !== undefined && !body.includes(JSON.stringify(fault.naming))) continue;
      fault.seen += 1;
      const first = fault.nth ?? 1;
      if (fault.seen >= first && fault.seen < first + (fault.times ?? 1)) met.push(fault.effect);
    }
    return met;
  }

  #add(match: FaultMatch, effect: Effect): void {
    this.#faults.push({ ...match, effect, seen: 0 });
  }
}

export type { Effect };
