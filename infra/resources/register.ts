import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import { kubernetesTypes, type KubernetesType } from "#lib/targets/kubernetes/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";
import { secretName } from "#lib/targets/secret-input.ts";

// Each class by its own file: the whole SDK takes a quarter of a second to load.

type Inputs = Record<string, unknown>;
type Make = (name: string, inputs: Inputs, options: pulumi.CustomResourceOptions) => pulumi.CustomResource;

/** A manifest is written without the SDK (lib may not know it); the plugin checks every field of it. */
function of<Args>(
  kind: new (name: string, args: Args, options: pulumi.CustomResourceOptions) => pulumi.CustomResource,
): Make {
  return (name, inputs, options) => new kind(name, inputs as Args, options);
}

/** A kind that the SDK has no class for. Its status has to be asked for, or it isn't handed back. */
const custom: Make = (name, inputs, options) =>
  new CustomResource(
    name,
    { ...inputs, status: undefined } as unknown as ConstructorParameters<typeof CustomResource>[1],
    options,
  );

const makers: Record<KubernetesType, Make> = {
  [kubernetesTypes.namespace]: of(Namespace),
  [kubernetesTypes.secret]: of(Secret),
  [kubernetesTypes.configMap]: of(ConfigMap),
  [kubernetesTypes.service]: of(Service),
  [kubernetesTypes.deployment]: of(Deployment),
  [kubernetesTypes.autoscaler]: of(HorizontalPodAutoscaler),
  [kubernetesTypes.disruptionBudget]: of(PodDisruptionBudget),
  [kubernetesTypes.gateway]: custom,
  [kubernetesTypes.route]: custom,
};

/** What registering a plan needs and remembers. */
export type Registry = {
  provider: pulumi.ProviderResource;
  /** by the names that `secretInput` gave them */
  secrets: Record<string, unknown>;
  declared: Map<string, pulumi.CustomResource>;
  /** goes before each change of a Deployment */
  replicasHook: pulumi.ResourceHook;
};

/**
 * Registers one resource of a plan, with its secrets in their places.
 *
 * @throws Error if it depends on one that isn't declared, or needs a secret that wasn't given
 */
export function registerPlanned(
  planned: PlannedResource,
  registry: Registry,
  parent?: pulumi.Resource,
): pulumi.CustomResource {
  const make = makers[planned.type as KubernetesType] as Make | undefined;
  if (!make) throw new Error(`A ${planned.type} can't be made in a cluster.`);
  const dependsOn = planned.dependsOn.map((key) => {
    const before = registry.declared.get(key);
    if (!before)
      throw new Error(`${resourceKey(planned)} depends on ${key}, which isn't declared before it.`);
    return before;
  });
  const inputs = withSecrets(planned.inputs, registry.secrets) as Inputs;
  const resource = make(planned.name, inputs, {
    provider: registry.provider,
    parent,
    dependsOn,
    ...(planned.type === kubernetesTypes.deployment && { hooks: { beforeUpdate: [registry.replicasHook] } }),
  });
  registry.declared.set(resourceKey(planned), resource);
  return resource;
}

function withSecrets(value: unknown, secrets: Record<string, unknown>): unknown {
  const name = secretName(value);
  if (name !== null) {
    if (secrets[name] === undefined) throw new Error(`The secret ${name} wasn't given to the program.`);
    return pulumi.secret(secrets[name]);
  }
  if (Array.isArray(value)) return value.map((item) => withSecrets(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withSecrets(item, secrets)]));
}
