/** Pulumi's names for what a deployment is made of. */
export const kubernetesTypes = {
  namespace: "kubernetes:core/v1:Namespace",
  secret: "kubernetes:core/v1:Secret",
  configMap: "kubernetes:core/v1:ConfigMap",
  service: "kubernetes:core/v1:Service",
  deployment: "kubernetes:apps/v1:Deployment",
  autoscaler: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  disruptionBudget: "kubernetes:policy/v1:PodDisruptionBudget",
  gateway: "kubernetes:gateway.networking.k8s.io/v1:Gateway",
  route: "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
} as const;

export type KubernetesType = (typeof kubernetesTypes)[keyof typeof kubernetesTypes];

/** @throws Error for a kind that no deployment has */
export function typeOf({ apiVersion, kind }: { apiVersion: string; kind: string }): KubernetesType {
  const type = `kubernetes:${apiVersion === "v1" ? "core/v1" : apiVersion}:${kind}`;
  const known = Object.values(kubernetesTypes).find((value) => value === type);
  if (!known) throw new Error(`No deployment has a ${kind} of ${apiVersion}.`);
  return known;
}
