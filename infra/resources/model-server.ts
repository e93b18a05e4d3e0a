import type { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import type { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { PlannedComponent } from "#infra/resources/planned-component.ts";
import type { Registry } from "#infra/resources/register.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/** One variant's replicas: Deployment, headless Service, PodDisruptionBudget, and an HPA where it scales. */
export class ModelServer extends PlannedComponent {
  readonly deployment: Deployment;
  readonly service: Service;

  constructor(name: string, resources: PlannedResource[], registry: Registry) {
    super("ModelServer", name, resources, registry);
    this.deployment = this.member(kubernetesTypes.deployment);
    this.service = this.member(kubernetesTypes.service);
  }
}
