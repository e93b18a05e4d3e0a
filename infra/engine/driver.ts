import type { OperationEvent } from "#lib/operations/events.ts";
import type { FailureCode } from "#lib/deployments/status.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/** What an engine tells while it works. The same words as the timeline's rows. */
export type EngineEvent = Extract<OperationEvent, { kind: "resource_started" | "resource_ended" | "log" }>;

export type EngineRun = {
  /** Aborted: the engine lets running steps stop, and the run fails with code `cancelled`. */
  signal: AbortSignal;
  /** Called in order. Must not throw. */
  onEvent(event: EngineEvent): void;
};

/** The engine's memory of a deployment, opaque but for what is named here. */
export type EngineState = {
  version: number;
  deployment?: {
    resources?: {
      urn: string;
      type: string;
      inputs?: Record<string, unknown>;
      /** it was replaced, and is to be deleted */
      delete?: boolean;
    }[];
    pending_operations?: { type: string; resource: { urn: string; type: string } }[];
  };
};

export type UpRun = EngineRun & {
  /** the program has declared all that there is to be */
  onRegistered(): void;
  /** looks at what is there, instead of believing its memory: what was changed or deleted by hand is put right */
  looksFirst?: boolean;
};

/** Why a run of the engine failed. */
export class EngineError extends Error {
  readonly code: FailureCode;
  readonly logLines: string[];

  constructor(code: FailureCode, message: string, logLines: string[] = [], cause?: unknown) {
    super(message, { cause });
    this.name = "EngineError";
    this.code = code;
    this.logLines = logLines;
  }
}

/**
 * One deployment's stack. The real engine (pulumi-driver.ts) and the scripted one for tests pass the same tests
 * (driver-contract.ts). Methods must not run at the same time.
 */
export type EngineStack = {
  /**
   * Makes what the plan says, changes what differs, deletes what isn't in it. What was made stays when it fails.
   *
   * @returns the program's outputs
   * @throws EngineError
   */
  up(plan: PlannedResource[], run: UpRun): Promise<Record<string, unknown>>;
  /** Deletes all in the reverse order. Nothing there is no error. @throws EngineError */
  destroy(run: EngineRun): Promise<void>;
  /** @returns null if there is no stack */
  exportState(): Promise<EngineState | null>;
  importState(state: EngineState): Promise<void>;
  /** Takes away the lock that a dead run left. Only once no process of it lives. */
  unlock(): Promise<void>;
  /** Forgets the stack, which must hold nothing any more, and its work folder. */
  remove(): Promise<void>;
};
