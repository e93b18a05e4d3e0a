import type * as pulumi from "@pulumi/pulumi";
import { apiClient } from "#infra/kubernetes/api-client.ts";
import { clusterProvider } from "#infra/resources/cluster-provider.ts";
import { kubernetesMakers } from "#infra/resources/kubernetes-makers.ts";
import type { Make } from "#infra/resources/make.ts";
import { registerPlan } from "#infra/resources/register-plan.ts";
import type { Registry } from "#infra/resources/register.ts";
import { replicasHook } from "#infra/resources/replicas-hook.ts";
import { parseKubeconfig } from "#lib/targets/kubernetes/parse-kubeconfig.ts";
import type { KubernetesSecrets } from "#lib/targets/kubernetes/settings.ts";
import { objectNames } from "#lib/targets/kubernetes/settings.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

export type KubernetesInput = {
  /** of one context, with nothing in it that names a file or a program */
  kubeconfig: string;
  /** what the cluster is known by: while it stays, another kubeconfig replaces nothing */
  clusterIdentifier: string;
  secrets: KubernetesSecrets;
};

/**
 * The program of the `kubernetes` target: registers exactly the resources of its plan, in order, on a provider of
 * its own. An empty plan leaves the provider alone, which is what a tear-down needs: today's kubeconfig.
 */
export function kubernetesProgram(input: KubernetesInput) {
  return (plan: PlannedResource[], onRegistered: () => void = () => {}) =>
    async (): Promise<Record<string, pulumi.Output<unknown>>> => {
      const registry = registryOf(input);
      registerPlan(plan, registry);
      onRegistered();
      return addressOf(registry);
    };
}

function registryOf({ kubeconfig, clusterIdentifier, secrets }: KubernetesInput): Registry {
  const provider = clusterProvider(kubeconfig, clusterIdentifier);
  const replicas = replicasHook("replicas", async () =>
    apiClient(parseKubeconfig(kubeconfig, { now: new Date() })),
  );
  const makers: Record<string, Make> = kubernetesMakers;
  return {
    kindOf(type) {
      const make = makers[type];
      return make && { make, provider };
    },
    optionsOf: ({ type }) =>
      type === kubernetesTypes.deployment ? { hooks: { beforeUpdate: [replicas] } } : {},
    secrets,
    declared: new Map(),
  };
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
