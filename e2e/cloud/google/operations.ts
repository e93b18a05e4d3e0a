import { randomUUID } from "node:crypto";
import type { ModelClock } from "#e2e/cloud/google/model-clock.ts";

/** Why an operation ended badly. `code` is Compute's short name; container operations carry `status`. */
export type OperationError = { code: string; message: string; httpCode: number; details?: object[] };

export type Operation = {
  name: string;
  id: string;
  /** `compute/projects/p/global`, `…/zones/z`, `…/regions/r`, `container/projects/p/locations/l`, … */
  scope: string;
  type: string;
  /** The key of what it works on. */
  target: string;
  targetId: string;
  user: string;
  insertTime: Date;
  startTime: Date;
  endTime: Date;
  error: OperationError | null;
  state: "waiting" | "done";
  /** Called once when its time has come; what it throws becomes the operation's error. */
  finish: () => void | Promise<void>;
};

/** Milliseconds by method id, such as `container.projects.locations.clusters.create`; `default` for the rest. */
export type Durations = Record<string, number>;

/** Writes that take time. Time is the clock's alone; what is due happens before the next request is answered. */
export class Operations {
  #clock: ModelClock;
  #durations: Durations;
  #nextId: () => string;
  #all = new Map<string, Operation>();
  #settling: Promise<void> = Promise.resolve();

  constructor(clock: ModelClock, durations: Durations, nextId: () => string) {
    this.#clock = clock;
    this.#durations = durations;
    this.#nextId = nextId;
  }

  /** Starts one. It is PENDING for a tenth of its time. */
  start(
    methodId: string,
    given: Pick<Operation, "scope" | "type" | "target" | "targetId" | "user" | "finish"> & {
      error?: OperationError | null;
    },
  ): Operation {
    const now = this.#clock.now().getTime();
    const duration = this.#durations[methodId] ?? this.#durations.default ?? 0;
    const operation: Operation = {
      ...given,
      name: `operation-${now}-${randomUUID()}`,
      id: this.#nextId(),
      error: given.error ?? null,
      state: "waiting",
      insertTime: new Date(now),
      startTime: new Date(now + duration / 10),
      endTime: new Date(now + duration),
    };
    this.#all.set(`${operation.scope}/operations/${operation.name}`, operation);
    return operation;
  }

  get(key: string): Operation | undefined {
    return this.#all.get(key);
  }

  list(scope: string): Operation[] {
    return [...this.#all.values()].filter((operation) => operation.scope === scope);
  }

  all(): Operation[] {
    return [...this.#all.values()];
  }

  /** Lets everything happen whose time has come, in order. */
  settle(): Promise<void> {
    this.#settling = this.#settling.then(() => this.#finishDue());
    return this.#settling;
  }

  async #finishDue(): Promise<void> {
    const now = this.#clock.now();
    const due = [...this.#all.values()].filter(({ state, endTime }) => state === "waiting" && endTime <= now);
    due.sort((a, b) => a.endTime.getTime() - b.endTime.getTime());
    for (const operation of due) {
      operation.state = "done";
      try {
        await operation.finish();
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        operation.error = { code: "INTERNAL_ERROR", message, httpCode: 500 };
      }
    }
  }

  /** Waits until it is done, at most two minutes, as Google does. */
  async wait(operation: Operation): Promise<void> {
    const until = this.#clock.now().getTime() + 120_000;
    for (;;) {
      await this.settle();
      const now = this.#clock.now().getTime();
      if (operation.state === "done" || now >= until) return;
      await this.#clock.sleep(Math.max(1, Math.min(operation.endTime.getTime(), until) - now));
    }
  }

  /** @returns Google's word for where it is, and how far in percent */
  progress(operation: Operation): { status: "PENDING" | "RUNNING" | "DONE"; percent: number } {
    if (operation.state === "done") return { status: "DONE", percent: 100 };
    const now = this.#clock.now();
    if (now < operation.startTime) return { status: "PENDING", percent: 0 };
    const whole = operation.endTime.getTime() - operation.startTime.getTime();
    const passed = now.getTime() - operation.startTime.getTime();
    return { status: "RUNNING", percent: Math.min(99, Math.floor((100 * passed) / Math.max(1, whole))) };
  }
}
