import type { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { PlannedComponent } from "#infra/resources/planned-component.ts";
import type { Registry } from "#infra/resources/register.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/** HAProxy in the namespace, which routes: its configuration, Deployment and PodDisruptionBudget. */
export class ProxyGateway extends PlannedComponent {
  readonly deployment: Deployment;

  constructor(name: string, resources: PlannedResource[], registry: Registry) {
    super("ProxyGateway", name, resources, registry);
    this.deployment = this.member(kubernetesTypes.deployment);
  }
}
