import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import { ofClass, type Make } from "#infra/resources/make.ts";
import { kubernetesTypes, type KubernetesType } from "#lib/targets/kubernetes/types.ts";

// Each class by its own file: the whole SDK takes a quarter of a second to load.

/** A kind that the SDK has no class for. Its status has to be asked for, or it isn't handed back. */
const custom: Make = (name, inputs, options) =>
  new CustomResource(
    name,
    { ...inputs, status: undefined } as unknown as ConstructorParameters<typeof CustomResource>[1],
    options,
  );

/** How each kind of object in a cluster is made. */
export const kubernetesMakers: Record<KubernetesType, Make> = {
  [kubernetesTypes.namespace]: ofClass(Namespace),
  [kubernetesTypes.secret]: ofClass(Secret),
  [kubernetesTypes.configMap]: ofClass(ConfigMap),
  [kubernetesTypes.service]: ofClass(Service),
  [kubernetesTypes.deployment]: ofClass(Deployment),
  [kubernetesTypes.autoscaler]: ofClass(HorizontalPodAutoscaler),
  [kubernetesTypes.disruptionBudget]: ofClass(PodDisruptionBudget),
  [kubernetesTypes.gateway]: custom,
  [kubernetesTypes.route]: custom,
};
