import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";
import { localTypes } from "#lib/targets/local/plan.ts";

const words: Record<string, string> = {
  [localTypes.endpoint]: "Endpoint",
  [localTypes.modelServer]: "Model server",
  [localTypes.pool]: "Pool",
  [localTypes.routes]: "Routes",
  [kubernetesTypes.namespace]: "Namespace",
  [kubernetesTypes.secret]: "Secret",
  [kubernetesTypes.configMap]: "Configuration",
  [kubernetesTypes.service]: "Service",
  [kubernetesTypes.deployment]: "Pods",
  [kubernetesTypes.autoscaler]: "Autoscaler",
  [kubernetesTypes.disruptionBudget]: "Disruption budget",
  [kubernetesTypes.gateway]: "Gateway",
  [kubernetesTypes.route]: "Routes",
};

/** A resource's type as people call it: `sluice:local:ModelServer` → `Model server`. */
export function resourceWord(type: string): string {
  return words[type] ?? type.split(":").at(-1) ?? type;
}
