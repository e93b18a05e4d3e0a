import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import type { EngineError } from "#infra/engine/driver.ts";
import type { EngineSeen } from "#infra/engine/pulumi-look.ts";
import type { FailureCode } from "#lib/deployments/status.ts";
import type { EndpointView } from "#lib/deployments/view.ts";
import type { DriftItem } from "#lib/targets/drift.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/** Why something isn't ready: a sentence for a person, and the words it comes from. */
export type Trouble = {
  code: FailureCode;
  message: string;
  logLines: string[];
  /** the resource (`resourceKey`) that doesn't get ready by it, or what all such begin with ("kubernetes:"); null: all wait for it */
  of: string | null;
  /** something is being done about it: waiting may help */
  mayPass?: boolean;
};

/** What a target is to a runner: `infra/targets/NAME/target.ts` makes one of a job. */
export type RunnerTarget = {
  program(plan: PlannedResource[], onRegistered: () => void): PulumiFn;
  /** the program runs at a tear-down too */
  runsAtDestroy: boolean;
  /** the engine can look at what is there, instead of believing its memory: its plugin reads it */
  canLook: boolean;
  /** Looks whether it can be worked on at all, before the engine is started. @throws EngineError */
  preflight(signal: AbortSignal): Promise<void>;
  /**
   * Before a change, with what the engine knows of: finds what an attempt made that the engine couldn't note any more, so
   * that the program takes it over. @throws EngineError if the change may not be made at all
   *
   * @returns whether the engine has to look before it believes its memory
   */
  adopt?(there: PlannedResource[], signal: AbortSignal): Promise<{ looksFirst: boolean }>;
  /** What keeps replicas from being ready, while the engine waits for them; null: the engine's steps say it all */
  troubles: ((signal: AbortSignal) => Promise<Trouble[]>) | null;
  /**
   * What a failure of the engine was about, where the target knows more of it than the engine.
   *
   * @param failed the resources (`resourceKey`) whose steps failed
   */
  explain(error: EngineError, failed: ReadonlySet<string>): Promise<EngineError>;
  /** Where the deployment is reached. @throws EngineError if there is no address */
  endpointOf(outputs: unknown, signal: AbortSignal): Promise<EndpointView>;
  /** What was changed or deleted by hand, by what the engine read; null: it can't be looked at */
  drift: ((seen: EngineSeen[], plan: PlannedResource[], signal: AbortSignal) => Promise<DriftItem[]>) | null;
  /** After the engine has deleted all that it knows of: takes away what it doesn't. */
  sweep(signal: AbortSignal): Promise<void>;
};
