import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import type { EndpointView } from "#lib/deployments/view.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/** What a target is to a runner: `infra/targets/NAME/target.ts` makes one of a job. */
export type RunnerTarget = {
  program(plan: PlannedResource[], onRegistered: () => void): PulumiFn;
  /** the program runs at a tear-down too */
  runsAtDestroy: boolean;
  /** Looks whether it can be worked on at all, before the engine is started. @throws EngineError */
  preflight(signal: AbortSignal): Promise<void>;
  /** Where the deployment is reached. @throws EngineError if there is no address */
  endpointOf(outputs: unknown): Promise<EndpointView>;
  /** After the engine has deleted all that it knows of: takes away what it doesn't. */
  sweep(signal: AbortSignal): Promise<void>;
};
