import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider.js";
import { Gateway } from "#infra/resources/gateway.ts";
import { ModelServer } from "#infra/resources/model-server.ts";
import { ProxyGateway } from "#infra/resources/proxy-gateway.ts";
import { replicasHook } from "#infra/resources/replicas-hook.ts";
import { registerPlanned, type Registry } from "#infra/resources/register.ts";
import type { KubernetesSecrets } from "#lib/targets/kubernetes/settings.ts";
import { objectNames } from "#lib/targets/kubernetes/settings.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";
import { resourceKey, type ComponentType, type PlannedResource } from "#lib/targets/plan.ts";

export type KubernetesInput = {
  /** of one context, with nothing in it that names a file or a program */
  kubeconfig: string;
  /** what the cluster is known by: while it stays, another kubeconfig replaces nothing */
  clusterIdentifier: string;
  secrets: KubernetesSecrets;
};

const components: Record<
  ComponentType,
  new (name: string, resources: PlannedResource[], registry: Registry) => pulumi.ComponentResource
> = { ModelServer, ProxyGateway, Gateway };

/**
 * The program of the `kubernetes` target: registers exactly the resources of its plan, in order, on a provider of
 * its own. An empty plan leaves the provider alone, which is what a tear-down needs: today's kubeconfig.
 */
export function kubernetesProgram(input: KubernetesInput) {
  return (plan: PlannedResource[], onRegistered: () => void = () => {}) =>
    async (): Promise<Record<string, pulumi.Output<unknown>>> => {
      const registry: Registry = {
        provider: clusterProvider(input),
        secrets: input.secrets,
        declared: new Map(),
        replicasHook: replicasHook("replicas", input.kubeconfig),
      };
      for (const group of groupsOf(plan)) {
        const { component } = group[0]!;
        if (component) new components[component.type](component.name, group, registry);
        else for (const planned of group) registerPlanned(planned, registry);
      }
      onRegistered();
      return addressOf(registry);
    };
}

/**
 * Upserting is right only because preflight has seen that the namespace is ours or nobody's: an `up` after one that
 * was interrupted finds what that one made, and takes it over.
 */
function clusterProvider({ kubeconfig, clusterIdentifier }: KubernetesInput): Provider {
  return new Provider("cluster", {
    kubeconfig: pulumi.secret(kubeconfig),
    clusterIdentifier,
    enableServerSideApply: true,
    upsertExistingObjects: true,
    // A field that somebody changed by hand is theirs to the API server: without this it refuses each later change.
    enablePatchForce: true,
    enableConfigMapMutable: true,
    enableSecretMutable: true,
  });
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

/** What the cluster says of the address, for outputs.ts. */
function addressOf({ declared }: Registry): Record<string, pulumi.Output<unknown>> {
  const status = (type: string, name: string) =>
    (declared.get(resourceKey({ type, name })) as { status?: pulumi.Output<unknown> } | undefined)?.status;
  const spec = (type: string, name: string) =>
    (declared.get(resourceKey({ type, name })) as { spec?: pulumi.Output<unknown> } | undefined)?.spec;
  const gateway = status(kubernetesTypes.gateway, objectNames.gateway);
  if (gateway) return { gateway };
  const service = spec(kubernetesTypes.service, objectNames.endpoint);
  const serviceStatus = status(kubernetesTypes.service, objectNames.endpoint);
  return service && serviceStatus ? { service, serviceStatus } : {};
}
