import { gkeTypes } from "#lib/targets/gke/types.ts";
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
  [gkeTypes.network]: "Network",
  [gkeTypes.subnetwork]: "Subnet",
  [gkeTypes.firewall]: "Firewall rule",
  [gkeTypes.cluster]: "GKE cluster",
  [gkeTypes.nodePool]: "Node pool",
  [gkeTypes.healthCheck]: "Health check",
  [gkeTypes.backendService]: "Backend service",
  [gkeTypes.backendBucket]: "Backend bucket",
  [gkeTypes.bucket]: "Bucket",
  [gkeTypes.bucketReader]: "Right to read the bucket",
  [gkeTypes.urlMap]: "URL map",
  [gkeTypes.httpProxy]: "HTTP proxy",
  [gkeTypes.httpsProxy]: "HTTPS proxy",
  [gkeTypes.managedCertificate]: "Google’s certificate",
  [gkeTypes.certificate]: "Certificate",
  [gkeTypes.globalAddress]: "Global address",
  [gkeTypes.forwardingRule]: "Forwarding rule",
  [gkeTypes.address]: "Regional address",
};

/** A resource's type as people call it: `sluice:local:ModelServer` → `Model server`. */
export function resourceWord(type: string): string {
  return words[type] ?? type.split(":").at(-1) ?? type;
}
