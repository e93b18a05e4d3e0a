import type * as pulumi from "@pulumi/pulumi";
import { Gateway } from "#infra/resources/gateway.ts";
import { ModelServer } from "#infra/resources/model-server.ts";
import { ProxyGateway } from "#infra/resources/proxy-gateway.ts";
import { registerPlanned, type Registry } from "#infra/resources/register.ts";
import type { ComponentType, PlannedResource } from "#lib/targets/plan.ts";

const components: Record<
  ComponentType,
  new (name: string, resources: PlannedResource[], registry: Registry) => pulumi.ComponentResource
> = { ModelServer, ProxyGateway, Gateway };

/** Registers exactly the resources of a plan, in order, those of a group under it. @throws as `registerPlanned` */
export function registerPlan(plan: PlannedResource[], registry: Registry): void {
  for (const group of groupsOf(plan)) {
    const { component } = group[0]!;
    if (component) new components[component.type](component.name, group, registry);
    else for (const planned of group) registerPlanned(planned, registry);
  }
}

/** The plan cut where its component changes. */
function groupsOf(plan: PlannedResource[]): PlannedResource[][] {
  const groups: PlannedResource[][] = [];
  for (const planned of plan) {
    const last = groups.at(-1);
    const isSame =
      last?.[0]?.component?.type === planned.component?.type &&
      last?.[0]?.component?.name === planned.component?.name;
    if (last && isSame) last.push(planned);
    else groups.push([planned]);
  }
  return groups;
}
