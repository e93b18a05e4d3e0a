import type { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { PlannedComponent } from "#infra/resources/planned-component.ts";
import type { Registry } from "#infra/resources/register.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/** A Gateway of the Gateway API with the routes of this deployment. */
export class Gateway extends PlannedComponent {
  readonly gateway: CustomResource;

  constructor(name: string, resources: PlannedResource[], registry: Registry) {
    super("Gateway", name, resources, registry);
    this.gateway = this.member(kubernetesTypes.gateway);
  }
}
