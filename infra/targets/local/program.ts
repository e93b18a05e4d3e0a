import * as pulumi from "@pulumi/pulumi";
import type { EndpointState } from "#infra/local-runtime/protocol.ts";
import { localTypes } from "#lib/targets/local/plan.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

/** One resource of the plan. What the runtime answered comes back in `state`. */
class LocalResource extends pulumi.CustomResource {
  declare readonly state: pulumi.Output<unknown>;

  constructor(planned: PlannedResource, dependsOn: pulumi.Resource[]) {
    super(planned.type, planned.name, { ...planned.inputs, state: undefined }, { dependsOn });
  }
}

/**
 * The program of the `local` target: registers exactly the resources of its plan, in order.
 *
 * @param onRegistered is called when the last one was declared
 * @returns the stack's outputs, for outputs.ts
 */
export function localProgram(plan: PlannedResource[], onRegistered: () => void = () => {}) {
  return async (): Promise<{ endpoint: pulumi.Output<unknown> }> => {
    const declared = new Map<string, LocalResource>();
    for (const planned of plan) {
      const dependsOn = planned.dependsOn.map((key) => {
        const before = declared.get(key);
        if (!before)
          throw new Error(`${resourceKey(planned)} depends on ${key}, which isn't declared before it.`);
        return before;
      });
      declared.set(resourceKey(planned), new LocalResource(planned, dependsOn));
    }
    onRegistered();
    const endpoint = [...declared].find(([key]) => key.startsWith(`${localTypes.endpoint}::`))?.[1];
    if (!endpoint) throw new Error("The plan has no endpoint.");
    return { endpoint: endpoint.state as pulumi.Output<EndpointState> };
  };
}
