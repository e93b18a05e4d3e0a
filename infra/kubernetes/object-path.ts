/** The kinds that a deployment is made of, and how the API server's addresses spell them. */
const kinds: Record<string, { plural: string; isNamespaced: boolean }> = {
  "v1 Namespace": { plural: "namespaces", isNamespaced: false },
  "v1 Secret": { plural: "secrets", isNamespaced: true },
  "v1 ConfigMap": { plural: "configmaps", isNamespaced: true },
  "v1 Service": { plural: "services", isNamespaced: true },
  "v1 Endpoints": { plural: "endpoints", isNamespaced: true },
  "v1 Pod": { plural: "pods", isNamespaced: true },
  "v1 Event": { plural: "events", isNamespaced: true },
  "v1 Node": { plural: "nodes", isNamespaced: false },
  "apps/v1 Deployment": { plural: "deployments", isNamespaced: true },
  "apps/v1 ReplicaSet": { plural: "replicasets", isNamespaced: true },
  "autoscaling/v2 HorizontalPodAutoscaler": { plural: "horizontalpodautoscalers", isNamespaced: true },
  "policy/v1 PodDisruptionBudget": { plural: "poddisruptionbudgets", isNamespaced: true },
  "discovery.k8s.io/v1 EndpointSlice": { plural: "endpointslices", isNamespaced: true },
  "gateway.networking.k8s.io/v1 Gateway": { plural: "gateways", isNamespaced: true },
  "gateway.networking.k8s.io/v1 HTTPRoute": { plural: "httproutes", isNamespaced: true },
};

/**
 * The address of an object, or of all of its kind.
 *
 * @throws Error for a kind that no deployment has
 */
export function objectPath(of: {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name?: string;
}): string {
  const kind = kinds[`${of.apiVersion} ${of.kind}`];
  if (!kind) throw new Error(`No deployment has a ${of.kind} of ${of.apiVersion}.`);
  const root = of.apiVersion.includes("/") ? `/apis/${of.apiVersion}` : `/api/${of.apiVersion}`;
  const parts = [
    ...(kind.isNamespaced && of.namespace ? ["namespaces", of.namespace] : []),
    kind.plural,
    ...(of.name ? [of.name] : []),
  ];
  return `${root}/${parts.map(encodeURIComponent).join("/")}`;
}
