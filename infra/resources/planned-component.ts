import * as pulumi from "@pulumi/pulumi";
import { registerPlanned, type Registry } from "#infra/resources/register.ts";
import type { KubernetesType } from "#lib/targets/kubernetes/types.ts";
import { componentToken, type ComponentType, type PlannedResource } from "#lib/targets/plan.ts";

/** A group of a plan's resources, registered under it in their order. It adds nothing to what the plan says. */
export class PlannedComponent extends pulumi.ComponentResource {
  readonly #members: { type: string; resource: pulumi.CustomResource }[];

  constructor(type: ComponentType, name: string, resources: PlannedResource[], registry: Registry) {
    super(componentToken(type), name, {});
    this.#members = resources.map((planned) => ({
      type: planned.type,
      resource: registerPlanned(planned, registry, this),
    }));
    this.registerOutputs({});
  }

  /** @throws Error if the plan gave it none of this type */
  protected member<Resource extends pulumi.CustomResource>(type: KubernetesType): Resource {
    const found = this.#members.find((one) => one.type === type);
    if (!found) throw new Error(`A component of the plan has no ${type}.`);
    return found.resource as Resource;
  }
}
