import type { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { PlannedComponent } from "#infra/resources/planned-component.ts";
import type { Registry } from "#infra/resources/register.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/** HAProxy in the namespace, which routes: its configuration, Deployment, PodDisruptionBudget and Service. */
export class ProxyGateway extends PlannedComponent {
  readonly service: Service;

  constructor(name: string, resources: PlannedResource[], registry: Registry) {
    super("ProxyGateway", name, resources, registry);
    this.service = this.member(kubernetesTypes.service);
  }
}
