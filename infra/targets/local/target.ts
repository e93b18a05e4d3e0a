import { runtimeClient } from "#infra/local-runtime/provider/runtime-client.ts";
import { endpointOf } from "#infra/targets/local/outputs.ts";
import { localPreflight } from "#infra/targets/local/preflight.ts";
import { localProgram } from "#infra/targets/local/program.ts";
import type { RunnerTarget } from "#infra/targets/target.ts";

/** This machine, by its local runtime. */
export function localTarget(
  job: { deploymentId: string; fence: number },
  target: { runtimeSocket: string },
): RunnerTarget {
  const runtime = runtimeClient({ socketPath: target.runtimeSocket, fence: job.fence });
  return {
    program: localProgram,
    runsAtDestroy: false,
    // Its plugin repeats what it was told, and what it said wasn't well would count as well.
    canLook: false,
    preflight: (signal) => localPreflight(runtime, signal),
    troubles: null,
    explain: async (error) => error,
    endpointOf: async (outputs) => endpointOf(outputs),
    drift: null,
    async sweep(signal) {
      await runtime.send("DELETE", `/deployments/${job.deploymentId}`, undefined, signal);
    },
  };
}
